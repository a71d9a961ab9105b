import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type AccountEntry, type AccountEvent, type AccountHistory, withEntries } from '../domain/account-event.ts';
import { whereConditionHolds } from './client.ts';
import { MAX_RACES } from './versioned-write.ts';

/** A history as stored, with the fence of the owner that wrote last, where only owners may write. */
export type StoredHistory<E extends AccountEvent = AccountEvent> = AccountHistory<E> & { fence?: number };

export interface Append {
  /** A history that a later owner has written is left alone. */
  fence?: number;
  /** When nobody needs the history any more, epoch milliseconds; left out: never. */
  expiresAt?: number;
  signal?: AbortSignal;
}

/** An entry before it has its number. */
export type NewEntry<E extends AccountEvent> = Omit<AccountEntry<E>, 'sequence'>;

/**
 * What happens to accounts, in the Control table: pk `event#<account>`, sk the subject. Each write is conditional on the
 * number of the last entry, and the table's stream carries what was added to the bus, so that nothing happens unheard or twice.
 */
export class HistoryStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read<E extends AccountEvent>(
    account: string,
    subject: string,
    signal?: AbortSignal,
  ): Promise<StoredHistory<E> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(account, subject), ConsistentRead: true }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    if (Item === undefined) return undefined;
    const { pk: _pk, sk: _sk, ...history } = Item;
    return history as StoredHistory<E>;
  }

  /**
   * Adds entries behind what is stored.
   * @param entriesAfter what is to be added to a history, in order; asked again where another writer was quicker
   * @returns whether it was this caller's to write
   */
  async append<E extends AccountEvent>(
    { account, subject }: { account: string; subject: string },
    entriesAfter: (stored: StoredHistory<E> | undefined) => readonly NewEntry<E>[],
    { fence, expiresAt, signal }: Append = {},
  ): Promise<boolean> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const before = await this.read<E>(account, subject, signal);
      if (before?.fence !== undefined && fence !== undefined && before.fence > fence) return false;
      const entries = entriesAfter(before);
      if (entries.length === 0) return true;
      const after = {
        ...withEntries({ account, subject }, before, entries),
        fence: fence ?? before?.fence,
        ttl: expiresAt === undefined ? undefined : Math.ceil(expiresAt / 1_000),
      };
      if (await this.#replace(before, after, signal)) return true;
    }
    throw new Error(`the history ${subject} of ${account} was changed ${MAX_RACES} times meanwhile`);
  }

  async #replace(
    before: { sequence: number } | undefined,
    after: { account: string; subject: string },
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.#table,
      Item: { ...keyOf(after.account, after.subject), ...after },
      ...(before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#sequence = :before',
            ExpressionAttributeNames: { '#sequence': 'sequence' },
            ExpressionAttributeValues: { ':before': before.sequence },
          }),
    });
    const written = this.#client.send(command, signal === undefined ? {} : { abortSignal: signal });
    return (await whereConditionHolds(written)) !== undefined;
  }
}

function keyOf(account: string, subject: string): { pk: string; sk: string } {
  return { pk: `event#${account}`, sk: subject };
}
