import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, expect, test } from 'vitest';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import { deadLetterUrl } from '../../shared/queue/lanes.ts';
import { startFixtureOperator } from './fixture-operator.ts';
import { startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

afterAll(tearDown);

test('what is none of ours in a lane stands in its dead-letter queue with the reason, moved there by the running binder', async () => {
  const operator = await startFixtureOperator({ receiptDelayMs: 200 });
  whenOver(() => operator.close());
  const stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials });
  whenOver(() => stack.close());
  const sqs = new SQSClient(stack.aws);
  whenOver(async () => sqs.destroy());
  const lane = laneQueueUrl(stack.variable('LANE_QUEUE_URL'), 'smpp-asia', 'otp');

  await sqs.send(new SendMessageCommand({ QueueUrl: lane, MessageBody: 'hello?' }));
  const receive = { QueueUrl: deadLetterUrl(lane), WaitTimeSeconds: 1, MessageAttributeNames: ['All'] };
  const [letter] = await until('the message to stand in the dead-letter queue', 20_000, async () => {
    return (await sqs.send(new ReceiveMessageCommand(receive))).Messages;
  });

  expect(letter).toMatchObject({ Body: 'hello?', MessageAttributes: { reason: { StringValue: 'unreadable' } } });
});
