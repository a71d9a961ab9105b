import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionFailed } from '../../shared/store/client.ts';

/** The lease of an account as stored. No clock of any machine is in it: who waits measures with its own. */
export interface LeaseRecord {
  owner: string;
  /** Raised by every take-over; fences what an earlier owner left behind. */
  fence: number;
  /** Raised by every renewal; a lease whose beat stands still for `leaseMs` is dead. */
  beat: number;
  leaseMs: number;
  released: boolean;
}

/** Leases in the Control table, one item an account. Every write is conditional, so that two can never hold the same fence. */
export class LeaseStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(account: string): Promise<LeaseRecord | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: leaseKey(account), ConsistentRead: true }),
    );
    return Item as LeaseRecord | undefined;
  }

  /** Takes the lease as last seen over; undefined where another was quicker or its owner gave a sign of life. */
  async take(
    account: string,
    seen: LeaseRecord | undefined,
    mine: { owner: string; leaseMs: number },
  ): Promise<LeaseRecord | undefined> {
    const next: LeaseRecord = { ...mine, fence: (seen?.fence ?? 0) + 1, beat: 0, released: false };
    const unchanged = seen
      ? {
          ConditionExpression: 'fence = :fence AND beat = :beat',
          ExpressionAttributeValues: { ':fence': seen.fence, ':beat': seen.beat },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' };
    const taken = await this.#conditional(
      new PutCommand({ TableName: this.#table, Item: { ...leaseKey(account), ...next }, ...unchanged }),
    );
    return taken ? next : undefined;
  }

  /** @returns false where the lease is no longer the caller's */
  async renew(account: string, held: LeaseRecord): Promise<boolean> {
    return await this.#update(account, held, 'SET beat = beat + :one', { ':one': 1 });
  }

  /** Gives the lease up, so that a standby takes it at once. @returns false where it is no longer the caller's */
  async release(account: string, held: LeaseRecord): Promise<boolean> {
    return await this.#update(account, held, 'SET released = :true', { ':true': true });
  }

  async #update(
    account: string,
    held: LeaseRecord,
    expression: string,
    values: Record<string, unknown>,
  ): Promise<boolean> {
    return await this.#conditional(
      new UpdateCommand({
        TableName: this.#table,
        Key: leaseKey(account),
        UpdateExpression: expression,
        ConditionExpression: '#owner = :owner AND fence = :fence',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': held.owner, ':fence': held.fence, ...values },
      }),
    );
  }

  async #conditional(command: PutCommand | UpdateCommand): Promise<boolean> {
    try {
      await (command instanceof PutCommand ? this.#client.send(command) : this.#client.send(command));
      return true;
    } catch (error) {
      if (conditionFailed(error)) return false;
      throw error;
    }
  }
}

function leaseKey(account: string): { pk: string; sk: string } {
  return { pk: `lease#${account}`, sk: 'lease' };
}
