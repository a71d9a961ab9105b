import { expect, test } from 'vitest';
import { deliveriesOf } from '../../../shared/webhooks/fan-out.ts';

const event = {
  type: 'message.sent',
  detail: {
    metadata: { event_id: 'evt_1_2', occurred_at: '2026-11-22T10:26:40.000Z' },
    data: { lane: 'bulk' },
  },
};

test('an event of a one-time password is tried in quick succession', () => {
  const urgent = { ...event, detail: { ...event.detail, data: { lane: 'otp' } } };
  expect(deliveriesOf(urgent, [{ endpointId: 'we_all' }], 7)).toMatchObject([{ schedule: 'otp' }]);
  expect(deliveriesOf(event, [{ endpointId: 'we_all' }], 7)[0]).not.toHaveProperty('schedule');
});

test('an event goes once to each endpoint that wants it', () => {
  const endpoints = [
    { endpointId: 'we_all' },
    { endpointId: 'we_sent', events: ['message.sent' as const, 'message.*' as const] },
    { endpointId: 'we_batches', events: ['batch.*' as const] },
  ];
  const tasks = deliveriesOf(event, endpoints, 7);
  expect(tasks.map(({ endpoint_id }) => endpoint_id)).toEqual(['we_all', 'we_sent']);
  expect(tasks[0]).toMatchObject({ event_id: 'evt_1_2', attempt: 1, first_at: 7, not_before: 7 });
  expect(JSON.parse(tasks[0]?.payload ?? '')).toEqual({
    type: 'message.sent',
    timestamp: '2026-11-22T10:26:40.000Z',
    data: event.detail.data,
    metadata: event.detail.metadata,
  });
});
