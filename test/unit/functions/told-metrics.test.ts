import { describe, expect, test } from 'vitest';
import { metricsIn } from '../../../cdk/local/cloudwatch/embedded-line.ts';
import { unheardOfTeller } from '../../../functions/apply-receipts/unheard-of.ts';
import { countedAttempts } from '../../../functions/deliver-webhook/counted-attempts.ts';
import type { PublishedEvent } from '../../../functions/middleware/event-bus.ts';
import { countedBus } from '../../../functions/publish-events/counted-bus.ts';
import { quotaTeller } from '../../../functions/sweep/quota-used.ts';
import { presentMessageEvent } from '../../../shared/contracts/event.ts';
import type { MessageStatus } from '../../../shared/domain/message.ts';
import type { WebhookAttempt } from '../../../shared/domain/webhook-endpoint.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

/** What was told, by metric; and whose. */
function recorder() {
  const lines: string[] = [];
  const told = () => {
    const all = lines.flatMap(metricsIn);
    return all.map(({ key, values }) => [Object.values(key.dimensions).join('/'), key.name, ...values]);
  };
  return { told, options: { stage: 'test', now: () => CREATED_AT, write: (line: string) => void lines.push(line) } };
}

function event(
  status: Exclude<MessageStatus, 'sending'>,
  { test = false, sentMs = 1_000, tookMs = 500 } = {},
): PublishedEvent {
  const message = { ...queuedMessage(), account: 'main', test, status, sentAt: CREATED_AT + sentMs };
  return presentMessageEvent(message, { status, at: CREATED_AT + sentMs + tookMs, sequence: 1 }, 'test');
}

describe('publish-events tells', () => {
  test('what became of messages, and how long their receipts took, by account', async () => {
    const { told, options } = recorder();
    const bus = countedBus({ put: () => Promise.resolve([]) }, options);
    await bus.put([event('sent'), event('delivered'), event('undelivered', { tookMs: 900 }), event('unknown')]);
    expect(told()).toEqual([
      ['test/main', 'MessagesSent', 1],
      ['test/main', 'MessagesDelivered', 1],
      ['test/main', 'MessagesSettled', 2],
      ['test/main', 'MessagesUndelivered', 1],
      ['test/main', 'MessagesUnknown', 1],
      ['test/main', 'ReceiptDelay', 500, 900],
    ]);
  });

  test('sent and settled always together, so that their share has a value', async () => {
    const { told, options } = recorder();
    await countedBus({ put: () => Promise.resolve([]) }, options).put([event('sent')]);
    expect(told()).toContainEqual(['test/main', 'MessagesSettled', 0]);
  });

  test('nothing of test keys, of what is only queued, and of what the bus did not take', async () => {
    const { told, options } = recorder();
    const refused = event('delivered');
    const bus = countedBus({ put: () => Promise.resolve([refused]) }, options);
    expect(await bus.put([event('delivered', { test: true }), event('queued'), refused])).toEqual([refused]);
    expect(told()).toEqual([]);
  });
});

describe('deliver-webhook tells', () => {
  const attempt: WebhookAttempt = {
    endpointId: 'whe_1',
    eventId: 'evt_1',
    number: 1,
    at: CREATED_AT,
    durationMs: 5,
    delivered: true,
    isLast: true,
  };
  const endpoints = {
    get: () => Promise.resolve(undefined),
    list: () => Promise.resolve([]),
    change: () => Promise.resolve(undefined),
    recordAttempt: () => Promise.resolve(),
  };
  test.each([
    ['a delivery', {}, [1, 0]],
    ['a failure that is tried again', { delivered: false, isLast: false }, [1, 1]],
    ['one that is given up', { delivered: false }, [1, 1, 1]],
  ])('%s', async (_, different, counts) => {
    const { told, options } = recorder();
    await countedAttempts(endpoints, options).recordAttempt({ ...attempt, ...different });
    const names = ['WebhookAttempts', 'WebhookFailures', 'WebhooksLost'];
    expect(told()).toEqual(counts.map((count, index) => ['test', names[index], count]));
  });
});

test('apply-receipts tells of each receipt of an unheard-of state, by account', () => {
  const { told, options } = recorder();
  const tell = unheardOfTeller(options);
  for (const account of ['main', 'main', 'second']) tell(account);
  expect(told()).toEqual(['main', 'main', 'second'].map((account) => [`test/${account}`, 'ReceiptsUnheardOf', 1]));
});

describe('sweep tells', () => {
  const account = { name: 'main', timeZone: 'Asia/Manila', lanes: { bulk: {} } };
  const usage = { read: () => Promise.resolve({ day: 45, month: 300 }) };
  test.each([
    [{ segmentsPerDay: 100 }, 45],
    [{ segmentsPerMonth: 400 }, 75],
    [{ segmentsPerDay: 50, segmentsPerMonth: 400 }, 90],
  ])('of an account with %o the fuller of day and month', async (limits, percent) => {
    const { told, options } = recorder();
    await quotaTeller({ usage, ...options })({ ...account, ...limits });
    expect(told()).toEqual([['test/main', 'QuotaUsed', percent]]);
  });

  test('nothing of one without a limit, and asks nothing', async () => {
    const { told, options } = recorder();
    await quotaTeller({ usage: { read: () => Promise.reject(new Error('asked')) }, ...options })(account);
    expect(told()).toEqual([]);
  });
});
