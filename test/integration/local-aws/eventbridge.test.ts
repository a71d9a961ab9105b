import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import type { BusEvent } from '../../../cdk/local/aws/api.ts';
import { openClients, openLocalAws, stateDirectory } from './stack.ts';

const ENTRY = {
  EventBusName: 'bus',
  Source: 'bindery',
  DetailType: 'message.delivered',
  Detail: '{"message_id":"msg_1"}',
};

async function openBus() {
  const directory = stateDirectory();
  const aws = await openLocalAws({ stateDirectory: directory, now: () => 1_795_372_937_999 });
  const { arn } = aws.buses.createBus('bus');
  const events: BusEvent[] = [];
  aws.buses.subscribe('bus', (event) => void events.push(event));
  const { events: client } = await openClients(aws);
  const kept = () =>
    readFileSync(join(directory, 'events.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { bus: string; event: BusEvent });
  return { aws, arn, events, client, kept };
}

describe('An event bus', () => {
  test("gives its listeners the event in EventBridge's envelope, and keeps it", async () => {
    const { arn, client, events, kept } = await openBus();
    const answer = await client.send(
      new PutEventsCommand({ Entries: [{ ...ENTRY, EventBusName: arn, Resources: ['r'] }] }),
    );
    const id = answer.Entries?.[0]?.EventId;
    await expect.poll(() => events).toHaveLength(1);
    const event = {
      version: '0',
      id,
      'detail-type': 'message.delivered',
      source: 'bindery',
      account: '000000000000',
      time: '2026-11-22T18:42:17Z',
      region: 'ap-southeast-1',
      resources: ['r'],
      detail: { message_id: 'msg_1' },
    };
    expect(events).toEqual([event]);
    expect(kept()).toEqual([{ bus: 'bus', event }]);
    expect(answer.FailedEntryCount).toBe(0);
  });

  test('takes the time that the entry gives', async () => {
    const { client, events } = await openBus();
    await client.send(new PutEventsCommand({ Entries: [{ ...ENTRY, Time: new Date('2026-01-02T03:04:05Z') }] }));
    await expect.poll(() => events).toMatchObject([{ time: '2026-01-02T03:04:05Z' }]);
  });

  test('refuses entries one by one and takes the others', async () => {
    const { client, events } = await openBus();
    const Entries = [
      { ...ENTRY, Detail: 'no json' },
      { ...ENTRY, Detail: '"no object"' },
      ENTRY,
      { ...ENTRY, Source: undefined },
      { ...ENTRY, Source: 'aws.sqs' },
      { ...ENTRY, EventBusName: 'elsewhere' },
    ];
    const answer = await client.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries?.map(({ ErrorCode, EventId }) => ErrorCode ?? typeof EventId)).toEqual([
      'MalformedDetail',
      'MalformedDetail',
      'string',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
      'ResourceNotFoundException',
    ]);
    await expect.poll(() => events).toHaveLength(1);
  });

  test('takes no more than ten entries', async () => {
    const { client } = await openBus();
    const put = client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => ENTRY) }));
    await expect(put).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('goes on when a listener fails, and stops telling who has left', async () => {
    const { aws, client, events } = await openBus();
    aws.buses.subscribe('bus', () => Promise.reject(new Error('broken')));
    const left: BusEvent[] = [];
    aws.buses.subscribe('bus', (event) => void left.push(event))();
    await client.send(new PutEventsCommand({ Entries: [ENTRY] }));
    await expect.poll(() => aws.lines.join()).toContain('broken');
    expect(events).toHaveLength(1);
    expect(left).toEqual([]);
  });
});
