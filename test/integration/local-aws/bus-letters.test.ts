import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { BusEvent } from '../../../cdk/local/aws/api.ts';
import { REGION } from '../../../cdk/local/aws/arn.ts';
import { Given } from '../../../cli/arguments.ts';
import type { Context } from '../../../cli/command.ts';
import { dlqCommands } from '../../../cli/commands/dlq.ts';
import { Terminal } from '../../../cli/terminal/terminal.ts';
import { openClients, openLocalAws } from './stack.ts';

const NUMBER = '+639171234567';
const EVENT = {
  version: '0',
  id: '11111111-1111-4111-8111-111111111111',
  'detail-type': 'message.sent',
  source: 'dev.bindery',
  account: '000000000000',
  time: '2026-11-23T03:00:00Z',
  region: REGION,
  resources: [],
  detail: { metadata: { event_id: 'evt_1_2' }, data: { to: NUMBER } },
};
/** What EventBridge makes of one that it had encrypted before. */
const ENCRYPTED = {
  ...EVENT,
  source: 'aws.events',
  'detail-type': 'Encrypted Events',
  detail: { 'encrypted-payload': 'AgR4' },
};

test('events that the bus could not encrypt are shown with the reason, and go onto the bus again', async () => {
  const aws = await openLocalAws();
  const { sqs } = await openClients(aws);
  const { url } = await aws.queues.createQueue({ name: 'parked' });
  const events: BusEvent[] = [];
  aws.buses.createBus('bindery-prod');
  aws.buses.subscribe('bindery-prod', (event) => void events.push(event));
  const ofNobody = { ...EVENT, source: '' };
  for (const body of [...[EVENT, ofNobody, ENCRYPTED].map((event) => JSON.stringify(event)), 'hello?']) {
    const MessageAttributes = {
      ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
      ERROR_MESSAGE: { DataType: 'String', StringValue: 'the key is disabled' },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }));
  }
  const outputs = {
    LaneQueueUrl: `${aws.url}/000000000000/{account}-{lane}`,
    CredentialsSecrets: '{}',
    DeadLetterQueues: JSON.stringify([{ name: 'bus', url, eventBus: 'bindery-prod' }]),
  };
  const settings = { endpoint: aws.url, region: REGION, credentials: aws.registerCaller({ program: 'Test' }) };
  const dlq = async (name: string, ...positionals: string[]) => {
    const said: string[] = [];
    const stdout = { write: (line: string) => said.push(line) };
    const command = dlqCommands.find((one) => one.name === `dlq ${name}`);
    const code = await command?.run(new Given(new Map(), positionals), {
      terminal: new Terminal({ stdout, stderr: { write: () => true }, environment: {}, json: true }),
      stack: async () => await Promise.resolve({ kind: 'local', name: 'bindery-prod', outputs, aws: settings }),
      now: Date.now,
      signal: new AbortController().signal,
    } as unknown as Context);
    return { code, text: said.join(''), answer: JSON.parse(said.join('')) as unknown };
  };

  expect((await dlq('list')).answer).toEqual({ data: [{ name: 'bus', redrivable: true, messages: 4 }] });
  const shown = await dlq('show', 'bus');
  const why = { reason: 'NO_PERMISSIONS', detail: 'the key is disabled', body: null };
  expect(shown.answer).toMatchObject({ data: [why, why, why, why] });
  expect(shown.text).not.toContain(NUMBER);

  const { code, answer } = await dlq('redrive', 'bus');
  expect(code).toBe(1);
  expect(answer).toMatchObject({
    moved: 1,
    left: 3,
    problems: [
      expect.stringContaining('encrypted') as string,
      'it is no event',
      expect.stringMatching(/^the bus does not take it \(\w+\)$/) as string,
    ],
  });
  const { id: _id, ...same } = EVENT;
  expect(events).toMatchObject([same]);
  expect((await dlq('list')).answer).toMatchObject({ data: [{ messages: 3 }] });
});
