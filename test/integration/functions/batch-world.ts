import type { SQSEvent } from 'aws-lambda';
import { feedBatchesHandler } from '../../../functions/feed-batches/handler.ts';
import { queryHandler } from '../../../functions/query/handler.ts';
import { type SendDependencies, sendHandler } from '../../../functions/send/handler.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import { type ApiBatch, batchSchema, type CreatedBatch, createdBatchSchema } from '../../../shared/contracts/batch.ts';
import type { FeedTask } from '../../../shared/queue/feed.ts';
import { parseFeedTask } from '../../../shared/queue/feed.ts';
import type { LaneMessage } from '../../../shared/queue/lanes.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ACCOUNT, type Answer, call, queryParts, sendParts, storedKey } from './api.ts';
import type { TestDatabase } from './database.ts';

let worlds = 0;

/** Everything that batches need, over the real tables, with queues in memory and a clock that a test sets. */
export async function batchWorld(database: TestDatabase, more: Partial<ApiAccount> = {}) {
  worlds += 1;
  const account: ApiAccount = { ...ACCOUNT, name: `batches-${worlds}`, ...more };
  const scopes = ['messages:send', 'messages:read'] as const;
  const key = await storedKey(database, { keyId: `batches${worlds}`, scopes: [...scopes], account: account.name });
  const clock = { now: CREATED_AT };
  /** Ids in the order in which they were put into the lane, and when a binder can see them. */
  const lane: { messageId: string; lane: string; visibleAt: number }[] = [];
  /** All that were ever put there, in that order. */
  const entered: string[] = [];
  const steps: { task: FeedTask; at: number }[] = [];
  const served = [account];
  const common = sendParts(database, served);
  const parts = {
    ...common,
    now: () => clock.now,
    lanes: {
      send: async ({ messageId, lane: name }: LaneMessage, delaySeconds = 0) => {
        await Promise.resolve();
        entered.push(messageId);
        lane.push({ messageId, lane: name, visibleAt: clock.now + delaySeconds * 1000 });
      },
    },
    feed: {
      send: async (task: FeedTask, delaySeconds: number) =>
        void (await Promise.resolve(steps.push({ task, at: clock.now + delaySeconds * 1000 }))),
    },
  };
  const query = queryHandler(queryParts(database, [account]));
  const feeder = feedBatchesHandler(parts);
  const send = async (route: string, options: Parameters<typeof call>[2], different: Partial<SendDependencies> = {}) =>
    await call(sendHandler({ ...parts, ...different }), route, { key, ...options });

  const world = {
    account,
    served,
    key,
    clock,
    lane,
    entered,
    steps,
    parts,
    send,
    post: async (body: unknown, different?: Partial<SendDependencies>) =>
      await send('POST /v1/batches', { body }, different),
    created: async (body: unknown): Promise<CreatedBatch> => {
      const answer = await world.post(body);
      if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
      return createdBatchSchema.parse(answer.body);
    },
    turn: async (id: string, turn: 'pause' | 'resume' | 'cancel', as = key): Promise<Answer> =>
      await send(`POST /v1/batches/{id}/${turn}`, { key: as, parameters: { id } }),
    get: async (id: string): Promise<ApiBatch> => {
      const answer = await call(query, 'GET /v1/batches/{id}', { key, parameters: { id } });
      return batchSchema.parse(answer.body);
    },
    query: async (route: string, options: Parameters<typeof call>[2] = {}) =>
      await call(query, route, { key, ...options }),
    /** Makes a step as the trigger does. */
    step: async ({ batchId, tick }: FeedTask) => {
      const record = { messageId: 'm', body: JSON.stringify({ batch_id: batchId, tick }) };
      const result = await feeder({ Records: [record] } as SQSEvent);
      if (result.batchItemFailures.length > 0) throw new Error('the step failed');
    },
    /** Makes every step that is due until `until`, epoch milliseconds, each at its time. */
    run: async (until: number) => {
      for (;;) {
        steps.sort((one, other) => one.at - other.at);
        const next = steps[0];
        if (next === undefined || next.at > until) break;
        steps.shift();
        clock.now = Math.max(clock.now, next.at);
        await world.step(parseFeedTask(JSON.stringify({ batch_id: next.task.batchId, tick: next.task.tick })));
      }
      clock.now = until;
    },
    /** What a binder does with the first `count` of the lane: one that it may not claim is dropped. @returns those it took */
    drain: async (count: number): Promise<string[]> => {
      const sent: string[] = [];
      const visible = lane.filter(({ visibleAt }) => visibleAt <= clock.now).slice(0, count);
      for (const received of visible) {
        lane.splice(lane.indexOf(received), 1);
        const { messageId } = received;
        const message = await parts.messages.get(messageId);
        if (message?.status !== 'queued' || message.held) continue;
        await parts.messages.change(messageId, { kind: 'claimed', owner: 'b', fence: 1, at: clock.now });
        await parts.messages.change(messageId, { kind: 'segment_accepted', index: 0, at: clock.now });
        sent.push(messageId);
      }
      return sent;
    },
  };
  return world;
}

export type BatchWorld = Awaited<ReturnType<typeof batchWorld>>;

/** So many numbers, no two the same, and none for which the simulated operator has something in store. */
export function items(count: number, different: (index: number) => Record<string, unknown> = () => ({})) {
  return Array.from({ length: count }, (_, index) => ({
    to: `+639175${String(551_000 + index)}`,
    ...different(index),
  }));
}

export const DEFAULTS = { from: 'BINDERY', text: 'Hello' };
