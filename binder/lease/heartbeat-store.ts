import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { conditionFailed } from '../../shared/store/client.ts';

/** The sign of life of one binder process. No clock of any machine is in it: who looks measures with its own. */
export interface Heartbeat {
  owner: string;
  /** Raised by every sign of life. */
  beat: number;
}

/** The binder processes that there are. */
export interface Heartbeats {
  write(heartbeat: Heartbeat, signal: AbortSignal): Promise<void>;
  list(signal: AbortSignal): Promise<Heartbeat[]>;
  /** Removes the caller's own. */
  leave(owner: string, signal: AbortSignal): Promise<void>;
  /** Removes one that has not changed since it was seen. */
  bury(seen: Heartbeat, signal: AbortSignal): Promise<void>;
}

const PARTITION = 'binder';

/** Heartbeats in the Control table: pk `binder`, sk the process's name. */
export class HeartbeatStore implements Heartbeats {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async write({ owner, beat }: Heartbeat, abortSignal: AbortSignal): Promise<void> {
    const Item = { pk: PARTITION, sk: owner, beat };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }), { abortSignal });
  }

  /** There are as many as processes run, and a few that ended badly: one page. */
  async list(abortSignal: AbortSignal): Promise<Heartbeat[]> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': PARTITION },
      ConsistentRead: true,
    });
    const { Items = [] } = await this.#client.send(query, { abortSignal });
    return Items.map((item) => ({ owner: String(item['sk']), beat: Number(item['beat']) }));
  }

  async leave(owner: string, abortSignal: AbortSignal): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: { pk: PARTITION, sk: owner } }), {
      abortSignal,
    });
  }

  async bury({ owner, beat }: Heartbeat, abortSignal: AbortSignal): Promise<void> {
    const unchanged = new DeleteCommand({
      TableName: this.#table,
      Key: { pk: PARTITION, sk: owner },
      ConditionExpression: 'beat = :beat',
      ExpressionAttributeValues: { ':beat': beat },
    });
    try {
      await this.#client.send(unchanged, { abortSignal });
    } catch (error) {
      // It is alive after all, or already gone.
      if (!conditionFailed(error)) throw error;
    }
  }
}
