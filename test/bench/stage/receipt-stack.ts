import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import type { Simulator } from '../../../binder/simulator/simulator.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { inParallel } from '../../e2e/in-parallel.ts';
import { until } from '../../e2e/until.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { PASSWORD, SYSTEM_ID } from './operator.ts';
import { recipient, SAMPLE } from './sample.ts';
import { ACCOUNT, BenchStack } from './stack.ts';

const WIDTH = 16;
const HOUR_MS = 3_600_000;
const SETTLED_TIMEOUT_MS = 300_000;

/** A stack that waits for receipts, which notes when each event is on its bus. */
export class ReceiptStack {
  readonly stack: BenchStack;
  /** Monotonic milliseconds, by message id. */
  readonly deliveredAtMs = new Map<string, number>();

  private constructor(stack: BenchStack) {
    this.stack = stack;
    stack.onEvent((type, messageId) => {
      if (type === 'message.delivered') this.deliveredAtMs.set(messageId, performance.now());
    });
  }

  static async begin({ url }: Simulator): Promise<ReceiptStack> {
    return new ReceiptStack(await BenchStack.begin({ credentials: { url, systemId: SYSTEM_ID, password: PASSWORD } }));
  }

  /**
   * Messages of one segment that the operator has taken, as the binder leaves them.
   * @returns their ids, by those of the message centre
   */
  async sent(count: number, firstMcMessageId: number, onSent: (count: number) => void): Promise<Map<string, string>> {
    const document = DynamoDBDocumentClient.from(new DynamoDBClient(this.stack.aws));
    const receipts = new ReceiptStore(document, this.stack.variable('RECEIPTS_TABLE'));
    const { messages } = this.stack;
    const ids = new Map<string, string>();
    const before = this.stack.bus.size;
    await inParallel(
      Array.from({ length: count }, (_, n) => n),
      WIDTH,
      async (n) => {
        const at = Date.now();
        const mcMessageId = String(firstMcMessageId + n);
        const messageId = `msg_${ulid(at)}`;
        const times = {
          createdAt: at,
          queuedAt: at,
          sentAt: at,
          statusAt: at,
          expiresAt: at + HOUR_MS,
          dueAt: at + HOUR_MS,
        };
        await receipts.putSegment(mcMessageId, {
          kind: 'segment',
          account: ACCOUNT,
          mcMessageId,
          messageId,
          index: 0,
          at,
        });
        await messages.create(
          queuedMessage({
            messageId,
            account: ACCOUNT,
            to: `+63${recipient(n).slice(1)}`,
            from: SAMPLE.from,
            text: SAMPLE.text,
            status: 'sent',
            sequence: 2,
            segments: [{ state: 'accepted', resends: 0, mcMessageId, acceptedAt: at }],
            timeline: [
              { status: 'queued', at, sequence: 1 },
              { status: 'sent', at, sequence: 2 },
            ],
            ...times,
          }),
        );
        ids.set(mcMessageId, messageId);
        onSent(ids.size);
      },
    );
    await until('the events of what was stored', SETTLED_TIMEOUT_MS, () => this.stack.bus.size >= before + 2 * count);
    return ids;
  }
}
