import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Batch } from '../domain/batch.ts';
import { applyBatchChange, type BatchChange } from '../domain/batch-change.ts';
import { RECEIPT_WINDOW_MS } from '../domain/transitions.ts';
import { whereConditionHolds } from './client.ts';
import { MAX_RACES, replaceVersion, type VersionedItem } from './versioned-write.ts';

const DAY_MS = 86_400_000;

export type ChangedBatch =
  | { kind: 'changed'; batch: Batch }
  /** The change came too late or repeats one; the batch as it is. */
  | { kind: 'unchanged'; batch: Batch }
  | { kind: 'missing' };

type Item = Record<string, unknown>;

/**
 * Batches in the Messages table, under their own id: so the stream that publishes the changes of messages publishes theirs,
 * the index `due` has them looked after by the sweep, and `by-account` lists them. Every change is one conditional write.
 */
export class BatchStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #retentionDays: number;

  /** @param retentionDays that a new batch is kept */
  constructor(client: DynamoDBDocumentClient, table: string, retentionDays = 90) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = retentionDays;
  }

  /** @returns what is stored now: this batch, or that of another run of the same request that was quicker */
  async create(batch: Batch): Promise<Batch> {
    // For as long as its messages are, and while some of them may still wait for their receipt.
    const keptMs = Math.max(
      this.#retentionDays * DAY_MS,
      batch.startsAt - batch.createdAt + RECEIPT_WINDOW_MS + DAY_MS,
    );
    const put = new PutCommand({
      TableName: this.#table,
      Item: { ...itemOf(batch), ttl: Math.ceil((batch.createdAt + keptMs) / 1000) },
      ConditionExpression: 'attribute_not_exists(messageId)',
    });
    if ((await whereConditionHolds(this.#client.send(put))) !== undefined) return batch;
    return (await this.get(batch.batchId)) ?? batch;
  }

  async get(batchId: string): Promise<Batch | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { messageId: batchId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : batchOf(Item);
  }

  /** @param known the batch as last seen; saves the first read. @throws Error where the race was lost MAX_RACES times */
  async change(batchId: string, change: BatchChange, known?: Batch): Promise<ChangedBatch> {
    let before = known ?? (await this.get(batchId));
    for (let race = 0; race < MAX_RACES; race += 1) {
      if (before === undefined) return { kind: 'missing' };
      const result = applyBatchChange(before, change);
      if (result.kind === 'unchanged' && before !== known) return { kind: 'unchanged', batch: before };
      if (result.kind === 'changed' && (await this.#replace(before, result.batch))) return result;
      before = await this.get(batchId);
    }
    throw new Error(`batch ${batchId} changed ${MAX_RACES} times while '${change.kind}' was being written`);
  }

  /** Batches of an account with ids lower than `before`, newest first. */
  async newestFirst(account: string, { before, limit }: { before: string; limit: number }): Promise<Batch[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'by-account',
        KeyConditionExpression: 'account = :account AND messageId BETWEEN :first AND :before',
        ExpressionAttributeValues: { ':account': account, ':first': 'bat_', ':before': before },
        ScanIndexForward: false,
        // BETWEEN has both ends in it.
        Limit: limit + 1,
      }),
    );
    return Items.map(batchOf)
      .filter(({ batchId }) => batchId < before)
      .slice(0, limit);
  }

  async #replace(before: Batch, after: Batch): Promise<boolean> {
    return await replaceVersion(this.#client, this.#table, { before: itemOf(before), after: itemOf(after) });
  }
}

/** The index `due` holds an item only while it has both keys. */
function itemOf({ batchId, ...batch }: Batch): VersionedItem {
  const due = batch.dueAt === undefined ? {} : { dueAccount: batch.account };
  return { messageId: batchId, ...batch, ...due };
}

/** A stored item as a batch; what only the table needs is left out. */
export function batchOf({ messageId, dueAccount: _dueAccount, ttl: _ttl, ...batch }: Item): Batch {
  return { batchId: messageId, ...batch } as unknown as Batch;
}
