import type { MessageStatus } from '../../../shared/domain/message.ts';
import type { LocalAws } from '../aws/api.ts';

/** States that nothing follows. `unknown` is final too, but a late receipt may still change it. */
const CLOSED: ReadonlySet<MessageStatus> = new Set(['delivered', 'undelivered', 'expired', 'failed', 'canceled']);

/** How many messages stand in each state, kept up to date by events. Only the open ones are remembered one by one. */
export class MessageCounts {
  readonly byStatus: Partial<Record<MessageStatus, number>> = {};
  readonly #open = new Map<string, MessageStatus>();
  /** Messages that events spoke of while the stored ones are counted: events know better. */
  #touched: Set<string> | undefined;

  /** Takes a change. Changes that come late, of a message that is final, change nothing. */
  change(messageId: string, status: MessageStatus): void {
    this.#touched?.add(messageId);
    const before = this.#open.get(messageId);
    if (before !== undefined) this.#add(before, -1);
    this.#add(status, 1);
    if (CLOSED.has(status)) this.#open.delete(messageId);
    else this.#open.set(messageId, status);
  }

  /** Counts what the table holds, page by page. */
  async seed(aws: LocalAws, tableName: string): Promise<void> {
    const touched = new Set<string>();
    this.#touched = touched;
    let startKey: unknown;
    do {
      const input = {
        TableName: tableName,
        ProjectionExpression: 'messageId, #status',
        ExpressionAttributeNames: { '#status': 'status' },
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      };
      const page = (await aws.invoke({ service: 'dynamodb', action: 'Scan', input })) as {
        Items?: { messageId?: { S?: string }; status?: { S?: string } }[];
        LastEvaluatedKey?: unknown;
      };
      for (const { messageId, status } of page.Items ?? [])
        this.#addStored(messageId?.S, status?.S as MessageStatus | undefined);
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
    this.#touched = undefined;
  }

  #addStored(messageId: string | undefined, status: MessageStatus | undefined): void {
    // The table holds batches as well.
    if (!messageId?.startsWith('msg_') || status === undefined || this.#touched?.has(messageId)) return;
    this.#add(status, 1);
    if (!CLOSED.has(status)) this.#open.set(messageId, status);
  }

  #add(status: MessageStatus, change: number): void {
    this.byStatus[status] = Math.max(0, (this.byStatus[status] ?? 0) + change);
  }
}
