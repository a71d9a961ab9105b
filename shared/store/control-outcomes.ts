import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { OTHER_SENDERS, type OutcomePlace, type SenderOutcomes } from '../domain/feedback.ts';
import { whereConditionHolds } from './client.ts';

/** Sender ids, by lane, that an account has counted by themselves in a month; what comes after them is counted together. */
const MOST_COUNTED_SENDERS = 200;
/** As long as segments, seconds. */
const RETENTION_SECONDS = 400 * 86_400;

const NAMES = ['sent', 'delivered', 'converted', 'notConverted'] as const;

/**
 * What became of messages by lane and sender id: pk `outcome#<account>` in the Control table, sk `<month>#<lane>#<sender>`. The
 * item with the month alone counts the others, so that whoever makes up sender ids does not make up items.
 */
export class OutcomeStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => number;
  readonly #mostSenders: number;

  /** @param options.now epoch milliseconds */
  constructor(
    client: DynamoDBDocumentClient,
    table: string,
    { now, mostSenders = MOST_COUNTED_SENDERS }: { now: () => number; mostSenders?: number },
  ) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
    this.#mostSenders = mostSenders;
  }

  async add(place: OutcomePlace, counts: Partial<SenderOutcomes>): Promise<void> {
    if (await this.#write(place, counts, { mustExist: true })) return;
    const from = (await this.#hasRoom(place)) ? place.from : OTHER_SENDERS;
    await this.#write({ ...place, from }, counts, { mustExist: false });
  }

  /** By lane and sender id. */
  async list(account: string, month: string): Promise<(OutcomePlace & SenderOutcomes)[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :month)',
        ExpressionAttributeValues: { ':pk': partitionOf(account), ':month': `${month}#` },
      }),
    );
    return Items.map((item) => {
      const [, lane = '', from = ''] = String(item['sk']).split('#');
      const [sent, delivered, converted, notConverted] = NAMES.map((name) => Number(item[name] ?? 0)) as Four;
      return { account, month, lane: lane as OutcomePlace['lane'], from, sent, delivered, converted, notConverted };
    });
  }

  async #write(
    { account, month, lane, from }: OutcomePlace,
    counts: Partial<SenderOutcomes>,
    { mustExist }: { mustExist: boolean },
  ): Promise<boolean> {
    const counted = NAMES.filter((name) => (counts[name] ?? 0) !== 0);
    if (counted.length === 0) return true;
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: { pk: partitionOf(account), sk: `${month}#${lane}#${from}` },
      UpdateExpression: `ADD ${counted.map((name) => `#${name} :${name}`).join(', ')} SET #ttl = if_not_exists(#ttl, :ttl)`,
      ...(mustExist ? { ConditionExpression: 'attribute_exists(pk)' } : {}),
      ExpressionAttributeNames: { '#ttl': 'ttl', ...Object.fromEntries(counted.map((name) => [`#${name}`, name])) },
      ExpressionAttributeValues: {
        ':ttl': this.#ttl(),
        ...Object.fromEntries(counted.map((name) => [`:${name}`, counts[name]])),
      },
    });
    return (await whereConditionHolds(this.#client.send(command))) !== undefined;
  }

  /** Two that come first at the same moment take two places; there are enough. */
  async #hasRoom({ account, month }: OutcomePlace): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: { pk: partitionOf(account), sk: month },
      UpdateExpression: 'ADD senders :one SET #ttl = if_not_exists(#ttl, :ttl)',
      ConditionExpression: 'attribute_not_exists(senders) OR senders < :most',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':one': 1, ':most': this.#mostSenders, ':ttl': this.#ttl() },
    });
    return (await whereConditionHolds(this.#client.send(command))) !== undefined;
  }

  #ttl(): number {
    return Math.ceil(this.#now() / 1000) + RETENTION_SECONDS;
  }
}

type Four = [number, number, number, number];

function partitionOf(account: string): string {
  return `outcome#${account}`;
}
