import { isBatchId } from '../../shared/domain/batch.ts';
import type { AccountHours } from '../../shared/domain/delivery-window.ts';
import type { Log } from '../../shared/log/log.ts';
import type { LaneQueues } from '../../shared/queue/lanes.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import { type SweepBatchDependencies, sweepBatch } from './sweep-batch.ts';
import { sweepStep } from './sweep-message.ts';

export interface SweepDependencies extends SweepBatchDependencies {
  messages: Pick<MessageStore, 'due' | 'get' | 'change'>;
  lanes: Pick<LaneQueues, 'send'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

/** What one run does for an account at most; the next run goes on. */
const MOST_MESSAGES = 20_000;
const PAGE = 200;
const CONCURRENT = 20;

/** An account, and the hours of its lanes. */
export interface SweptAccount extends AccountHours {
  name: string;
  /** Limits of the operator's package, in segments; absent means unlimited. */
  segmentsPerDay?: number | undefined;
  segmentsPerMonth?: number | undefined;
}

export interface Swept {
  requeued: number;
  changed: number;
  failed: number;
}

/**
 * Takes care of what is due in an account. Safe while another sweep runs: every change is a conditional write, what the other
 * one changed first is left alone, and an id that both queue is one more look for the binder.
 * @param until no further page is begun after this, epoch milliseconds
 */
export async function sweepAccount(
  account: SweptAccount,
  until: number,
  dependencies: SweepDependencies,
): Promise<Swept> {
  const { messages, log, now } = dependencies;
  const swept: Swept = { requeued: 0, changed: 0, failed: 0 };
  const seen = new Set<string>();
  while (seen.size < MOST_MESSAGES && now() < until) {
    const due = await messages.due(account.name, now(), PAGE);
    // The index trails the table a little: what stands there again was already seen to.
    const fresh = due.filter((messageId) => !seen.has(messageId));
    if (fresh.length === 0) break;
    for (const messageId of fresh) seen.add(messageId);
    await sweepAll(fresh, { account, swept }, dependencies);
    if (due.length < PAGE) break;
  }
  if (seen.size > 0) log.info('swept', { account: account.name, due: seen.size, ...swept });
  return swept;
}

async function sweepAll(
  messageIds: string[],
  { account, swept }: { account: SweptAccount; swept: Swept },
  dependencies: SweepDependencies,
): Promise<void> {
  const left = messageIds.values();
  const worker = async () => {
    for (const messageId of left) {
      try {
        const done = isBatchId(messageId)
          ? await sweepBatch(messageId, dependencies)
          : await sweepOne(messageId, account, dependencies);
        if (done !== 'left') swept[done] += 1;
      } catch (error) {
        swept.failed += 1;
        dependencies.log.error('message not swept', { message_id: messageId, error });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
}

async function sweepOne(
  messageId: string,
  account: SweptAccount,
  { messages, lanes, now }: SweepDependencies,
): Promise<'requeued' | 'changed' | 'left'> {
  const message = await messages.get(messageId);
  if (message === undefined) return 'left';
  const step = sweepStep(message, now(), account);
  if (step.kind === 'leave') return 'left';
  // Before the change: whatever fails or dies between the two, the next sweep finds the message due. Queued twice it is claimed once.
  if (step.kind === 'queue') await lanes.send(message, step.delaySeconds);
  const result = await messages.change(messageId, step.change, message);
  if (result.kind !== 'changed') return 'left';
  return step.kind === 'queue' ? 'requeued' : 'changed';
}
