import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { openClients, openLocalAws, stateDirectory } from './stack.ts';

describe('After a restart', () => {
  test('a queue gives its messages back with attributes, receive count and the delay that is left', async () => {
    const directory = stateDirectory();
    const first = await openLocalAws({ stateDirectory: directory });
    const { url } = await first.queues.createQueue({ name: 'lane' });
    const one = (await openClients(first)).sqs;
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'otp' } };
    await one.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'ñ\u2028\u{1F600}', MessageAttributes }));
    const sent = await one.send(new ReceiveMessageCommand({ QueueUrl: url }));
    await one.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'delayed', DelaySeconds: 2 }));
    await first.close();

    const second = await openLocalAws({ stateDirectory: directory });
    const queue = await second.queues.createQueue({ name: 'lane' });
    const { sqs } = await openClients(second);
    const receive = async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages;
    };
    expect(await receive()).toMatchObject([
      {
        MessageId: sent.Messages?.[0]?.MessageId,
        Body: 'ñ\u2028\u{1F600}',
        MessageAttributes,
        Attributes: { ApproximateReceiveCount: '2' },
      },
    ]);
    await expect.poll(receive, { timeout: 10_000 }).toMatchObject([{ Body: 'delayed' }]);
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'new' }));
    await second.close();

    const third = await openLocalAws({ stateDirectory: directory });
    await third.queues.createQueue({ name: 'lane' });
    const answer = await (await openClients(third)).sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: `${third.url}/0/lane`, AttributeNames: ['All'] }),
    );
    expect(answer.Attributes?.ApproximateNumberOfMessages).toBe('3');
  });

  test('what had moved to the dead-letter queue is there, and only there', async () => {
    const directory = stateDirectory();
    const open = async () => {
      const aws = await openLocalAws({ stateDirectory: directory });
      const dead = await aws.queues.createQueue({ name: 'dead' });
      const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 };
      const lane = await aws.queues.createQueue({ name: 'lane', attributes: { RedrivePolicy, VisibilityTimeout: 0 } });
      const { sqs } = await openClients(aws);
      const receive = async (QueueUrl: string) =>
        (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.map((message) => message.Body);
      return { aws, sqs, receive, lane: lane.url, dead: dead.url };
    };
    const first = await open();
    await first.sqs.send(new SendMessageCommand({ QueueUrl: first.lane, MessageBody: 'poison' }));
    expect(await first.receive(first.lane)).toEqual(['poison']);
    expect(await first.receive(first.lane)).toBeUndefined();
    await first.aws.close();
    const second = await open();
    expect(await second.receive(second.lane)).toBeUndefined();
    expect(await second.receive(second.dead)).toEqual(['poison']);
  });

  test('messages of a queue that the template no longer has are kept, and told of', async () => {
    const directory = stateDirectory();
    const first = await openLocalAws({ stateDirectory: directory });
    const { url } = await first.queues.createQueue({ name: 'old' });
    await (await openClients(first)).sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    await first.close();
    const second = await openLocalAws({ stateDirectory: directory });
    expect(second.queues.orphans()).toEqual([{ name: 'old', messages: 1 }]);
    await second.close();
    const third = await openLocalAws({ stateDirectory: directory });
    const again = await third.queues.createQueue({ name: 'old' });
    const { sqs } = await openClients(third);
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: again.url }))).Messages).toHaveLength(1);
    expect(third.queues.orphans()).toEqual([]);
  });
});
