import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { whereConditionHolds } from './client.ts';

/** How long a key stands for its request. */
const REMEMBERED_MS = 24 * 3_600_000;
/**
 * A run that holds its record for longer is dead: the ten seconds that a function behind the API has, and some for clocks
 * that differ.
 */
const LONGEST_RUN_MS = 12_000;
/** Races for one record before it is left to whoever is quicker. */
const MOST_RACES = 5;
const SORT_KEY = 'record';

/** One request under its key. */
interface IdempotencyRecord {
  state: 'running' | 'free' | 'answered';
  fingerprint: string;
  /** Chosen by the first run; whatever any run creates is named by it. */
  ulid: string;
  run: string;
  startedAt: number;
  expiresAt: number;
  answer?: Uint8Array;
}

export interface Begin {
  /** Names the record: a hash of caller, operation and key. */
  id: string;
  fingerprint: string;
  /** Names what is created, if this is the first run. */
  ulid: string;
  /** Names this run, and no other ever. */
  run: string;
  /** Epoch milliseconds. */
  now: number;
}

export type Begun =
  /** This run holds the record. A rerun follows one that broke off: what it did, and under which name, may already stand. */
  | { kind: 'begun'; ulid: string; isRerun: boolean }
  | { kind: 'answered'; answer: Uint8Array }
  | { kind: 'running'; retryAfterMs: number }
  | { kind: 'other_request' };

/** Idempotency records in the Control table: pk `idempotency#<id>`. Every step is one conditional write. */
export class IdempotencyStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async begin(begin: Begin): Promise<Begun> {
    for (let race = 0; race < MOST_RACES; race += 1) {
      if (await this.#create(begin)) return { kind: 'begun', ulid: begin.ulid, isRerun: false };
      const record = await this.#get(begin.id);
      if (record === undefined || record.expiresAt <= begin.now) continue;
      if (record.fingerprint !== begin.fingerprint) return { kind: 'other_request' };
      if (record.answer !== undefined) return { kind: 'answered', answer: record.answer };
      // A try of the SDK whose answer was lost: the record is this run's own.
      if (record.state === 'running' && record.run === begin.run) {
        return { kind: 'begun', ulid: record.ulid, isRerun: record.ulid !== begin.ulid };
      }
      const retryAfterMs = record.startedAt + LONGEST_RUN_MS - begin.now;
      if (record.state === 'running' && retryAfterMs > 0) return { kind: 'running', retryAfterMs };
      if (await this.#takeOver(begin, record)) return { kind: 'begun', ulid: record.ulid, isRerun: true };
    }
    return { kind: 'running', retryAfterMs: 1_000 };
  }

  /** Keeps the answer of a run for as long as its key stands. Without effect where another run has taken over. */
  async answer(id: string, run: string, answer: Uint8Array): Promise<void> {
    await this.#ofRun(id, run, 'SET #state = :answered, answer = :answer', {
      ':answered': 'answered',
      ':answer': answer,
    });
  }

  /** Nothing is known of the run's outcome: the next one may follow at once, and names what it creates alike. */
  async free(id: string, run: string): Promise<void> {
    await this.#ofRun(id, run, 'SET #state = :free', { ':free': 'free' });
  }

  /** Nothing came of the run: the key is as new. */
  async forget(id: string, run: string): Promise<void> {
    await this.#ofRun(id, run, 'SET #state = :free, expiresAt = :past', { ':free': 'free', ':past': 0 });
  }

  async #create({ id, fingerprint, ulid, run, now }: Begin): Promise<boolean> {
    const expiresAt = now + REMEMBERED_MS;
    return await this.#write(id, {
      UpdateExpression:
        'SET #state = :running, fingerprint = :fingerprint, ulid = :ulid, #run = :run, startedAt = :now, ' +
        'expiresAt = :expiresAt, #ttl = :ttl REMOVE answer',
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      ExpressionAttributeNames: { '#state': 'state', '#run': 'run', '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':running': 'running',
        ':fingerprint': fingerprint,
        ':ulid': ulid,
        ':run': run,
        ':now': now,
        ':expiresAt': expiresAt,
        ':ttl': Math.ceil(expiresAt / 1000),
      },
    });
  }

  async #takeOver({ id, run, now }: Begin, seen: IdempotencyRecord): Promise<boolean> {
    return await this.#write(id, {
      UpdateExpression: 'SET #state = :running, #run = :run, startedAt = :now',
      ConditionExpression: '#state = :seenState AND #run = :seenRun AND startedAt = :seenStart AND expiresAt > :now',
      ExpressionAttributeNames: { '#state': 'state', '#run': 'run' },
      ExpressionAttributeValues: {
        ':running': 'running',
        ':run': run,
        ':now': now,
        ':seenState': seen.state,
        ':seenRun': seen.run,
        ':seenStart': seen.startedAt,
      },
    });
  }

  async #ofRun(id: string, run: string, UpdateExpression: string, values: Record<string, unknown>): Promise<void> {
    await this.#write(id, {
      UpdateExpression,
      ConditionExpression: '#run = :run AND #state = :running',
      ExpressionAttributeNames: { '#state': 'state', '#run': 'run' },
      ExpressionAttributeValues: { ...values, ':run': run, ':running': 'running' },
    });
  }

  async #get(id: string): Promise<IdempotencyRecord | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(id), ConsistentRead: true }),
    );
    return Item as IdempotencyRecord | undefined;
  }

  /** @returns whether the condition held */
  async #write(id: string, update: Omit<UpdateCommand['input'], 'TableName' | 'Key'>): Promise<boolean> {
    const command = new UpdateCommand({ TableName: this.#table, Key: keyOf(id), ...update });
    return (await whereConditionHolds(this.#client.send(command))) !== undefined;
  }
}

function keyOf(id: string): { pk: string; sk: string } {
  return { pk: `idempotency#${id}`, sk: SORT_KEY };
}
