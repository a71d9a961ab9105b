import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { EventBus } from '../../../functions/middleware/event-bus.ts';
import { presentMessageEvent } from '../../../shared/contracts/event.ts';
import { messageRequestSchema } from '../../../shared/contracts/message-request.ts';
import { parseWebhookTask, WebhookQueue } from '../../../shared/queue/webhooks.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const MOST_OCTETS = 256 * 1024;

/** The most that the API lets a caller give a message, in characters that take the most octets as JSON. */
const { metadata = {} } = messageRequestSchema.parse({
  to: '09171234567',
  from: 'BINDERY',
  text: 'x',
  metadata: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`n${n}`.padEnd(40, '_'), '\u0001'.repeat(500)])),
});

/** A client of AWS that takes no call of too many octets, as all of its entries together. */
function strictClient<Entry>(answer: (entries: readonly Entry[], taken: readonly Entry[]) => object) {
  const taken: Entry[] = [];
  const send = async ({ input }: { input: object }) => {
    const { Entries = [] } = input as { Entries?: Entry[] };
    const octets = Buffer.byteLength(JSON.stringify(input));
    if (octets > MOST_OCTETS || Entries.length > 10) throw new Error(`refused: ${octets} octets`);
    taken.push(...Entries);
    return await Promise.resolve(answer(Entries, taken));
  };
  return { client: { send: send as never }, taken };
}

test('events as large as they can be are published, ten or more at a time, in both shapes', async () => {
  const entry = { status: 'queued' as const, at: CREATED_AT, sequence: 1 };
  const events = Array.from({ length: 12 }, () => presentMessageEvent(queuedMessage({ metadata }), entry, 'test'));
  const { client, taken } = strictClient<PutEventsRequestEntry>((entries) => ({
    Entries: entries.map(() => ({ EventId: 'taken' })),
  }));
  expect(await new EventBus(client, { bus: 'bus', source: 'dev.bindery', endUserMessaging: true }).put(events)).toEqual(
    [],
  );
  expect(taken).toHaveLength(24);
});

test('and so are their deliveries queued; a refused one is known by its place in its call', async () => {
  const payload = JSON.stringify({ data: { metadata } });
  const tasks = Array.from({ length: 12 }, (_, n) => {
    return { endpoint_id: 'we_1', event_id: `evt_${n}`, payload, attempt: 1, first_at: 0, not_before: 0 };
  });
  const { client, taken } = strictClient<SendMessageBatchRequestEntry>((entries, { length }) => ({
    Failed: length === 12 ? [{ Id: String(entries.length - 1) }] : [],
  }));
  expect(await new WebhookQueue(client as unknown as SQSClient, 'url').send(tasks)).toEqual([tasks[11]]);
  expect(taken).toHaveLength(12);
});

test('characters that SQS refuses do not keep a delivery back, and its payload is the same octet by octet', async () => {
  const payload = JSON.stringify({ data: { metadata: { note: 'a\ufffe\uffff\ud800b' } } });
  const task = { endpoint_id: 'we_1', event_id: 'evt_1', payload, attempt: 1, first_at: 0, not_before: 0 };
  const { client, taken } = strictClient<SendMessageBatchRequestEntry>(() => ({}));
  await new WebhookQueue(client as unknown as SQSClient, 'url').send([task]);
  const [{ MessageBody = '' } = {}] = taken;
  expect(MessageBody).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/u);
  expect(parseWebhookTask(MessageBody)).toEqual(task);
});
