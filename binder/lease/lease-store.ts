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
  /** With `released`: for how long its owner had submitted nothing by then, milliseconds; absent where nobody knows. */
  quietMs?: number;
}

/** What a take-over rests on: the record as last seen, undefined where there was none. */
export interface Take {
  seen: LeaseRecord | undefined;
  owner: string;
  leaseMs: number;
}

/** Leases by account. Every write is conditional, so that two can never hold the same fence. */
export interface Leases {
  read(account: string, signal: AbortSignal): Promise<LeaseRecord | undefined>;
  /** @returns the lease, or undefined where another was quicker or its owner gave a sign of life */
  take(account: string, take: Take, signal: AbortSignal): Promise<LeaseRecord | undefined>;
  /** @returns false where the lease is no longer the caller's */
  renew(account: string, held: LeaseRecord, signal: AbortSignal): Promise<boolean>;
  /** Writes `held` as released, so that a standby takes it at once. @returns false where it is no longer the caller's */
  release(account: string, held: LeaseRecord, signal: AbortSignal): Promise<boolean>;
}

type Command = PutCommand | UpdateCommand;

/** Leases in the Control table, one item an account. */
export class LeaseStore implements Leases {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** May be a moment old, at half the price: whoever takes on an old view fails by the condition. */
  async read(account: string, signal: AbortSignal): Promise<LeaseRecord | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: leaseKey(account) }), {
      abortSignal: signal,
    });
    return Item as LeaseRecord | undefined;
  }

  async take(account: string, { seen, owner, leaseMs }: Take, signal: AbortSignal): Promise<LeaseRecord | undefined> {
    const next: LeaseRecord = { owner, leaseMs, fence: (seen?.fence ?? 0) + 1, beat: 0, released: false };
    const unchanged = seen
      ? {
          ConditionExpression: 'fence = :fence AND beat = :beat',
          ExpressionAttributeValues: { ':fence': seen.fence, ':beat': seen.beat },
        }
      : { ConditionExpression: 'attribute_not_exists(pk)' };
    const put = new PutCommand({ TableName: this.#table, Item: { ...leaseKey(account), ...next }, ...unchanged });
    return (await this.#conditional(put, signal)) ? next : undefined;
  }

  async renew(account: string, held: LeaseRecord, signal: AbortSignal): Promise<boolean> {
    const update = this.#update(account, held, { expression: 'SET beat = beat + :one', values: { ':one': 1 } });
    return await this.#conditional(update, signal);
  }

  async release(account: string, held: LeaseRecord, signal: AbortSignal): Promise<boolean> {
    const quiet = held.quietMs === undefined ? '' : ', quietMs = :quiet';
    const update = this.#update(account, held, {
      expression: `SET released = :true${quiet}`,
      values: { ':true': true, ...(held.quietMs === undefined ? {} : { ':quiet': held.quietMs }) },
    });
    return await this.#conditional(update, signal);
  }

  #update(
    account: string,
    held: LeaseRecord,
    { expression, values }: { expression: string; values: Record<string, unknown> },
  ): UpdateCommand {
    return new UpdateCommand({
      TableName: this.#table,
      Key: leaseKey(account),
      UpdateExpression: expression,
      ConditionExpression: '#owner = :owner AND fence = :fence',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': held.owner, ':fence': held.fence, ...values },
    });
  }

  async #conditional(command: Command, abortSignal: AbortSignal): Promise<boolean> {
    try {
      // Two calls, because the SDK's `send` is overloaded by command.
      await (command instanceof PutCommand
        ? this.#client.send(command, { abortSignal })
        : this.#client.send(command, { abortSignal }));
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
