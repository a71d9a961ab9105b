import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import type { CallHooks } from '../../../cdk/local/aws/api.ts';
import { openClients, openLocalAws } from './stack.ts';

async function receive(sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

describe('A queue', () => {
  test('hands out URLs of the front and the ARN that AWS would give it', async () => {
    const aws = await openLocalAws();
    expect(await aws.queues.createQueue({ name: 'lane' })).toEqual({
      url: `${aws.url}/000000000000/lane`,
      arn: 'arn:aws:sqs:ap-southeast-1:000000000000:lane',
    });
  });

  test('takes the attributes of the template, again and changed', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { arn } = await aws.queues.createQueue({ name: 'dead' });
    const RedrivePolicy = { deadLetterTargetArn: arn, maxReceiveCount: 3 };
    await aws.queues.createQueue({ name: 'lane', attributes: { VisibilityTimeout: 40 } });
    const { url } = await aws.queues.createQueue({
      name: 'lane',
      attributes: { VisibilityTimeout: 50, RedrivePolicy },
    });
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ VisibilityTimeout: '50', RedrivePolicy: JSON.stringify(RedrivePolicy) });
  });

  test('delivers body and attributes as they were sent, and counts receives', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    const MessageBody = '{"text":"₱100, señor \u2028 \u{1F600} \\n"}';
    const MessageAttributes = { lane: { DataType: 'String', StringValue: 'otp' } };
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, MessageAttributes }));
    const [first] = await receive(sqs, url);
    expect(first).toMatchObject({ Body: MessageBody, MessageAttributes, Attributes: { ApproximateReceiveCount: '1' } });
    const giveBack = { QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(giveBack));
    const [second] = await receive(sqs, url);
    expect(second).toMatchObject({ Body: MessageBody, Attributes: { ApproximateReceiveCount: '2' } });
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
    expect(await receive(sqs, url)).toEqual([]);
  });

  test('names a queue that is not there as AWS does', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const send = sqs.send(new SendMessageCommand({ QueueUrl: `${aws.url}/000000000000/none`, MessageBody: 'x' }));
    await expect(send).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('moves a message that was received too often to its dead-letter queue', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const dead = await aws.queues.createQueue({ name: 'dead' });
    const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 };
    const lane = await aws.queues.createQueue({ name: 'lane', attributes: { RedrivePolicy, VisibilityTimeout: 0 } });
    await sqs.send(new SendMessageCommand({ QueueUrl: lane.url, MessageBody: 'poison' }));
    expect(await receive(sqs, lane.url)).toHaveLength(1);
    expect(await receive(sqs, lane.url)).toHaveLength(1);
    expect(await receive(sqs, lane.url)).toHaveLength(0);
    expect(await receive(sqs, dead.url)).toMatchObject([{ Body: 'poison' }]);
  });

  test('counts a delayed message as waiting when its time has come, though nobody received', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 1 }));
    const waiting = async () => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
      return Attributes?.ApproximateNumberOfMessages;
    };
    expect(await waiting()).toBe('0');
    await expect.poll(waiting, { timeout: 10_000 }).toBe('1');
  });
});

describe('A long poll', () => {
  test('ends within milliseconds of a message', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    const startedAt = performance.now();
    const polled = receive(sqs, url, 20);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    expect(await polled).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test('ends empty after its wait', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    const startedAt = performance.now();
    expect(await receive(sqs, url, 1)).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  test('waits as long as the queue says when the caller does not', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane', attributes: { ReceiveMessageWaitTimeSeconds: 1 } });
    const startedAt = performance.now();
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  test('that was aborted swallows no message', async () => {
    const started: string[] = [];
    const ended: string[] = [];
    const hooks: CallHooks = {
      intercept: async ({ action }) => void started.push(action),
      observe: ({ action }) => ended.push(action),
    };
    const aws = await openLocalAws({ hooks });
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    for (let round = 0; round < 20; round += 1) {
      const controller = new AbortController();
      const poll = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 });
      const aborted = sqs.send(poll, { abortSignal: controller.signal }).catch(() => 'aborted');
      await expect.poll(() => started.at(-1), { interval: 5 }).toBe('ReceiveMessage');
      controller.abort();
      expect(await aborted).toBe('aborted');
      await expect.poll(() => ended.length, { interval: 5 }).toBe(started.length);
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: String(round) }));
      const [message] = await receive(sqs, url, 1);
      // A count of 2 would mean that the aborted poll had it first.
      expect(message).toMatchObject({ Body: String(round), Attributes: { ApproximateReceiveCount: '1' } });
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
    }
  });

  test('ends empty when the front closes', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    const polled = receive(sqs, url, 20);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await aws.close();
    expect(await polled).toEqual([]);
  });

  test('shares messages among pollers, each once', async () => {
    const aws = await openLocalAws();
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    const pollers = Array.from({ length: 5 }, () => receive(sqs, url, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `e${index}`, MessageBody: String(index) }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const bodies = (await Promise.all(pollers)).flat().map((message) => message.Body);
    expect(bodies).toHaveLength(10);
    expect(new Set(bodies)).toEqual(new Set(Entries.map((entry) => entry.MessageBody)));
  });
});
