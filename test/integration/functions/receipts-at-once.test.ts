import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { applyReceiptsHandler } from '../../../functions/apply-receipts/handler.ts';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { noInbound } from '../../fixtures/inbound.ts';
import { quietLog } from '../../fixtures/log.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import { trueEnds, type Verdict } from '../../fixtures/verdicts.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { AT } from './receipts-world.ts';
import { streamEvent, streamRecord } from './stream-event.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

/** A client some of whose calls fail, before or after they took effect. @param plan by number of the call */
function faulty(plan: readonly ('works' | 'fails' | 'answer_lost')[]): DynamoDBDocumentClient {
  const send = database.document.send.bind(database.document) as (command: unknown) => Promise<unknown>;
  let calls = 0;
  const faultySend = async (command: unknown) => {
    const fate = plan[calls] ?? 'works';
    calls += 1;
    if (fate === 'fails') throw new Error('the table does not answer');
    const answer = await send(command);
    if (fate === 'answer_lost') throw new Error('the answer of the table was lost');
    return answer;
  };
  return { send: faultySend } as unknown as DynamoDBDocumentClient;
}

/** One environment of the function: a record that fails comes again, as the trigger does it. */
function environment(plan: readonly ('works' | 'fails' | 'answer_lost')[]) {
  const client = faulty(plan);
  const receipts = new ReceiptStore(client, 'Receipts');
  const handler = applyReceiptsHandler({
    messages: new MessageStore(client, 'Messages'),
    receipts,
    matchings: new Matchings({ receipts, configured: () => 'match_any', now: () => AT }),
    inbound: noInbound,
    tellUnheardOf: () => undefined,
    parked: new ParkedList(),
    log: quietLog(),
    now: () => AT,
  });
  return async (row: Record<string, unknown>) => {
    for (;;) {
      const { batchItemFailures } = await handler(streamEvent(streamRecord('1', row)));
      if (batchItemFailures.length === 0) return;
    }
  };
}

const verdict = fc.constantFrom<Verdict>('delivered', 'undelivered', 'expired', 'unknown', 'silent');
const plan = fc.array(fc.constantFrom('works' as const, 'works' as const, 'fails' as const, 'answer_lost' as const), {
  maxLength: 30,
});
let number = 0;

/** A message on the wire, and what the binder stores about each of its segments: the answer, and the receipt twice. */
async function onTheWire(verdicts: readonly Verdict[]) {
  number += 1;
  const account = `account-${number}`;
  const messageId = `msg_${String(number).padStart(26, '0')}`;
  const messages = new MessageStore(database.document, 'Messages');
  const receipts = new ReceiptStore(database.document, 'Receipts');
  await messages.create(queuedMessage({ messageId, account, segmentCount: verdicts.length }));
  await messages.change(messageId, { kind: 'claimed', owner: 'b', fence: 1, at: AT });
  for (let index = 1; index < verdicts.length; index += 1)
    await messages.change(messageId, { kind: 'segment_submitting', index, at: AT });
  const stat = { delivered: 'DELIVRD', undelivered: 'UNDELIV', expired: 'EXPIRED', unknown: 'UNKNOWN' };
  const steps = verdicts.flatMap((verdict, index) => {
    const mcMessageId = (0xabc0_0000 + index).toString(16);
    const answered = async () => {
      await receipts.putSegment(mcMessageId, { kind: 'segment', account, mcMessageId, messageId, index, at: AT });
      await messages.change(messageId, { kind: 'segment_accepted', index, mcMessageId, at: AT });
    };
    if (!(verdict in stat)) return [answered];
    const received = (unique: string) => async () => {
      const raw = Uint8Array.of(1);
      const row = { kind: 'receipt', account, mcMessageId, intermediate: false, raw, at: AT + 500 } as const;
      await receipts.putReceipt(mcMessageId, { ...row, stat: stat[verdict as keyof typeof stat] }, { unique });
    };
    return [answered, received('1'), received('2')];
  });
  return { account, messageId, messages, steps };
}

test('answers and receipts that are applied at once by several environments, in any order and after faults, end as the operator decided', async () => {
  const story = fc.record({
    verdicts: fc.array(verdict, { minLength: 1, maxLength: 3 }),
    order: fc.array(fc.nat(1_000), { minLength: 9, maxLength: 9 }),
    together: fc.integer({ min: 1, max: 9 }),
    plans: fc.tuple(plan, plan, plan),
  });
  await fc.assert(
    fc.asyncProperty(story, async ({ verdicts, order, together, plans }) => {
      const { account, messageId, messages, steps } = await onTheWire(verdicts);
      const environments = plans.map(environment);
      const shuffled = steps
        .map((step, place) => ({ step, key: order[place] ?? 0 }))
        .toSorted((one, other) => one.key - other.key);
      const applied = new Set<string>();
      const underWay: Promise<void>[] = [];
      while (shuffled.length > 0) {
        await Promise.all(shuffled.splice(0, together).map(async ({ step }) => await step()));
        const rows = (await database.items('Receipts')).filter(
          (row) => row['account'] === account && !applied.has(`${String(row['key'])} ${String(row['row'])}`),
        );
        for (const row of rows) {
          applied.add(`${String(row['key'])} ${String(row['row'])}`);
          const apply = environments[underWay.length % environments.length];
          if (apply) underWay.push(apply(row));
        }
      }
      await Promise.all(underWay);
      await messages.change(messageId, { kind: 'receipt_window_passed', at: AT + 9e9 });
      const message = await messages.get(messageId);
      expect(trueEnds(verdicts)).toContain(message?.status);
      expect(message?.segments.map(({ receipt }) => receipt?.state ?? 'silent')).toEqual(verdicts);
      const published = message?.timeline.filter(({ sequence }) => sequence !== undefined) ?? [];
      expect(published.map(({ sequence }) => sequence)).toEqual(published.map((_, place) => place + 1));
      expect(new Set(published.map(({ status }) => status)).size).toBe(published.length);
    }),
    { numRuns: 40 },
  );
}, 60_000);
