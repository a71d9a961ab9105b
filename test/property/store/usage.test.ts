import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { charge, settleCharge, type ToCharge } from '../../../functions/send/charge.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from '../../integration/functions/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const MINUTE_MS = 60_000;
const PERIOD = { month: '2026-11', day: '22' };
let accounts = 0;

/** Takes a message back from both of its counters, as whoever stores none does. */
async function undo(
  { caller, account, messageId, segments }: ToCharge,
  usage: Pick<UsageStore, 'undo'>,
): Promise<void> {
  const { keyId } = caller;
  for (const counter of [{ account: account.name, keyId }, { account: account.name }])
    await usage.undo(counter, { messageId, segments, period: PERIOD });
}

/** What becomes of one message after, or while, it is counted. */
const fates = [
  'stored',
  'stored and given back',
  'refused elsewhere',
  'process dies',
  'dies, and is run again',
] as const;

const messages = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b'),
    segments: fc.integer({ min: 1, max: 4 }),
    fate: fc.constantFrom(...fates),
  }),
  { minLength: 1, maxLength: 15 },
);
const limit = fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined });

test('however senders interleave, die and repeat: no limit is passed, and in the end every counter is what its messages have', async () => {
  await fc.assert(
    fc.asyncProperty(messages, limit, limit, fc.scheduler(), async (sent, accountLimit, keyLimit, scheduler) => {
      accounts += 1;
      const account = {
        name: `account-${accounts}`,
        timeZone: 'Asia/Manila',
        ...(accountLimit === undefined ? {} : { segmentsPerDay: accountLimit }),
      };
      const stored = new Map<string, { key: string; segments: number; isReturned: boolean }>();
      const outOfOrder = <T>(act: () => Promise<T>) => scheduler.schedule(Promise.resolve()).then(act);
      const process = () => {
        const store = new UsageStore(database.document, 'Control');
        const usage = {
          count: async (...of: Parameters<UsageStore['count']>) =>
            await outOfOrder(async () => await store.count(...of)),
          undo: async (...of: Parameters<UsageStore['undo']>) => await outOfOrder(async () => await store.undo(...of)),
          settle: store.settle.bind(store),
          settleLeft: store.settleLeft.bind(store),
        };
        const get = async (messageId: string) => (stored.has(messageId) ? ({ messageId } as never) : undefined);
        return { store, usage, quotas: { saw: () => Promise.resolve() }, messages: { get }, log: quietLog() };
      };
      const send = async ({ key, segments, fate }: (typeof sent)[number], index: number) => {
        const messageId = `msg_${accounts}_${index}`;
        const caller = { keyId: key, ...(keyLimit === undefined ? {} : { quota: { segmentsPerMonth: keyLimit } }) };
        const what: ToCharge = { caller, account, messageId, segments, now: CREATED_AT };
        const own = process();
        if ((await charge(what, own)).kind !== 'charged') return;
        if (fate === 'process dies') return;
        if (fate === 'refused elsewhere') return await undo(what, own.usage);
        if (fate === 'dies, and is run again') await charge(what, process());
        stored.set(messageId, { key, segments, isReturned: fate === 'stored and given back' });
        settleCharge({ ...what, period: PERIOD }, own);
        if (fate !== 'stored and given back') return;
        for (const counter of [{ account: account.name }, { account: account.name, keyId: key }]) {
          for (let time = 0; time < 2; time += 1)
            await own.store.giveBack(counter, { messageId, segments, period: PERIOD });
        }
      };
      const done = Promise.all(sent.map(send));
      await scheduler.waitFor(done);
      const read = async (keyId?: string) =>
        await process().store.read({ account: account.name, ...(keyId === undefined ? {} : { keyId }) }, PERIOD);
      if (accountLimit !== undefined) expect((await read()).day).toBeLessThanOrEqual(accountLimit);
      for (const key of ['a', 'b']) {
        if (keyLimit !== undefined) expect((await read(key)).month).toBeLessThanOrEqual(keyLimit);
      }
      // A minute later others come along, without limits, and find what the dead have left.
      for (let turn = 0; turn < 2 * sent.length; turn += 1) {
        for (const keyId of ['a', 'b']) {
          const messageId = `msg_${accounts}_later_${turn}_${keyId}`;
          const later = { name: account.name, timeZone: account.timeZone };
          const what = { caller: { keyId }, account: later, messageId, segments: 1, now: CREATED_AT + MINUTE_MS };
          const own = process();
          const charging = charge(what, own);
          await scheduler.waitFor(charging);
          await scheduler.waitFor(undo(what, own.usage));
        }
      }
      const total = (of: (message: { key: string }) => boolean) =>
        [...stored.values()]
          .filter((message) => !message.isReturned && of(message))
          .reduce((sum, { segments }) => sum + segments, 0);
      expect((await read()).day).toBe(total(() => true));
      for (const key of ['a', 'b']) expect((await read(key)).month).toBe(total((message) => message.key === key));
    }),
    { numRuns: 15 },
  );
}, 120_000);
