import type { ApiAccount } from '../../shared/config/environment.ts';
import { acceptedItems, type Batch } from '../../shared/domain/batch.ts';
import { feedItemOf, planFeed, roomFor } from '../../shared/domain/feed-plan.ts';
import type { FeedQueue, FeedTask } from '../../shared/queue/feed.ts';
import type { BatchStore } from '../../shared/store/batches.ts';
import { changeAll, forEach, type ItemDependencies, messagesOf, release } from './items.ts';

export interface StepDependencies extends ItemDependencies {
  batches: Pick<BatchStore, 'get' | 'change'>;
  feed: Pick<FeedQueue, 'send'>;
  accounts: readonly Pick<ApiAccount, 'name' | 'segmentsPerSecond'>[];
}

/** Messages that are looked at together where a whole batch is gone through. */
const CHUNK = 100;
/** For so long after a batch was paused or canceled something of it may still come into its lane. */
const UNSETTLED_MS = 10_000;
const LOOK_AGAIN_SECONDS = 5;

/**
 * Makes the next step of a batch. A call that comes too late or a second time finds that its step is not the next one any
 * more, and does nothing; where two come at the same moment both may begin it, and each message still goes once.
 */
export async function takeStep({ batchId, tick }: FeedTask, dependencies: StepDependencies): Promise<void> {
  const batch = await dependencies.batches.get(batchId);
  if (batch === undefined || batch.feeding.tick !== tick) return;
  switch (batch.status) {
    case 'running':
      return await feedBatch(batch, dependencies);
    case 'paused':
      return await holdBatch(batch, dependencies);
    case 'canceled':
      return await cancelBatch(batch, dependencies);
    case 'accepting':
    case 'done':
      return;
  }
}

/** Puts the next few seconds' worth of a batch into its lane. */
async function feedBatch(batch: Batch, dependencies: StepDependencies): Promise<void> {
  const { batches, feed, accounts, log, now } = dependencies;
  const { batchId, feeding, startsAt } = batch;
  const at = now();
  if (startsAt > at) return await feed.send({ batchId, tick: feeding.tick }, (startsAt - at) / 1000);
  const segmentsPerSecond = accounts.find(({ name }) => name === batch.account)?.segmentsPerSecond;
  if (segmentsPerSecond === undefined) return log.warn('the account of a batch is not here any more', { batchId });

  const messages = await messagesOf(batch, feeding.pending, dependencies);
  const pending = feeding.pending.map((index) => feedItemOf(index, messages.get(index)));
  const next = acceptedItems(batch, feeding.next, Math.max(0, roomFor(pending, segmentsPerSecond)));
  for (const [index, message] of await messagesOf(batch, next, dependencies)) messages.set(index, message);
  const candidates = next.map((index) => feedItemOf(index, messages.get(index)));
  const plan = planFeed({ batch, pending, candidates, segmentsPerSecond, now: at });

  // Before the write: whatever dies in between, a next step is on its way, and it is void if this one was not stored.
  if (!plan.done) await feed.send({ batchId, tick: plan.feeding.tick }, plan.waitSeconds);
  const { done, waitSeconds } = plan;
  const change = { kind: 'fed', feeding: plan.feeding, waitMs: waitSeconds * 1000, done, at } as const;
  if ((await batches.change(batchId, change, batch)).kind !== 'changed') return;
  await forEach(plan.feed, async ({ index, delaySeconds }) => {
    const message = messages.get(index);
    if (message !== undefined) await release(message, delaySeconds, dependencies);
  });
}

/** What is in the lane stays there, but no binder takes it. */
async function holdBatch(batch: Batch, dependencies: StepDependencies): Promise<void> {
  const at = dependencies.now();
  const messages = await messagesOf(batch, batch.feeding.pending, dependencies);
  const held = await changeAll(messages.values(), { kind: 'held', at }, dependencies);
  dependencies.log.info('batch held back', { batch_id: batch.batchId, messages: held });
  await lookAgain(batch, at, dependencies);
}

/** What has not gone to the operator never will. From the first item on: what stands in the lane is nearest to going. */
async function cancelBatch(batch: Batch, dependencies: StepDependencies): Promise<void> {
  const at = dependencies.now();
  const indexes = acceptedItems(batch);
  let canceled = 0;
  for (let start = 0; start < indexes.length; start += CHUNK) {
    const messages = await messagesOf(batch, indexes.slice(start, start + CHUNK), dependencies);
    canceled += await changeAll(messages.values(), { kind: 'canceled', at }, dependencies);
  }
  dependencies.log.info('batch canceled', { batch_id: batch.batchId, messages: canceled });
  await lookAgain(batch, at, dependencies);
}

/** An earlier step may still have been at work, and a binder may give back what it had taken: both are over soon. */
async function lookAgain(batch: Batch, at: number, { batches, feed }: StepDependencies): Promise<void> {
  const { batchId, statusAt, feeding } = batch;
  if (at < statusAt + UNSETTLED_MS) await feed.send({ batchId, tick: feeding.tick }, LOOK_AGAIN_SECONDS);
  else await batches.change(batchId, { kind: 'settled', tick: feeding.tick, at }, batch);
}
