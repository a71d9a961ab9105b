import { describe, expect, test } from 'vitest';
import { MOST_RECEIVES } from '../../../binder/outbound/poison.ts';
import { laneQueueUrl } from '../../../shared/config/environment.ts';
import { deadLetterUrl } from '../../../shared/queue/lanes.ts';
import { Template } from './stack-under-test.ts';

const template = new Template();

interface UrlPattern {
  'Fn::Join': ['', [{ 'Fn::Select': [number, { 'Fn::Split': [string, { Ref: string }] }] }, string]];
}

const queues = template.ofType('AWS::SQS::Queue');

describe('queues', () => {
  test('every queue is encrypted, keeps a message 14 days and refuses plain http', () => {
    const policies = template.ofType('AWS::SQS::QueuePolicy');
    const deny = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sqs:*' };
    const plain = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const protectedQueues = policies.flatMap(([, { Properties: policy }]) => {
      expect(policy.PolicyDocument).toMatchObject({ Statement: [{ ...deny, ...plain }] });
      return template.texts(policy.Queues);
    });
    expect(protectedQueues.sort()).toEqual(queues.map(([place]) => place).sort());
    for (const [place, queue] of queues) {
      expect(queue.Properties, place).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    }
  });

  test('every queue that a program consumes has a dead-letter queue, and every other one is a last stop itself', () => {
    const without = queues.filter(([, queue]) => queue.Properties.RedrivePolicy === undefined);
    for (const [place] of without) expect(place).toMatch(/\/(DeadLetters|\w*Parked)$/);
    expect(queues.length - without.length).toBe(8);
  });

  test('a lane outlasts a drain of 120 s and the many times that a healthy binder gives a message back', () => {
    for (const lane of ['otp', 'transactional', 'bulk']) {
      const queue = template.at('AWS::SQS::Queue', `Lanes/smpp-asia-${lane}/Queue`).Properties;
      expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(120);
      // Else the queue would move a message before the binder does, and without a reason.
      expect(queue.RedrivePolicy?.maxReceiveCount).toBeGreaterThan(MOST_RECEIVES);
      expect(template.text(queue.RedrivePolicy?.deadLetterTargetArn)).toBe(`Lanes/smpp-asia-${lane}/DeadLetters.Arn`);
    }
  });

  test.each([
    ['deliver-webhook', 'Events/Webhooks'],
    ['feed-batches', 'Feed/Steps'],
  ])('what %s takes from its queue is hidden for six times its timeout', (name, queue) => {
    const { Timeout: timeout } = template.at('AWS::Lambda::Function', `Functions/${name}/Function`).Properties;
    expect(template.at('AWS::SQS::Queue', `${queue}/Queue`).Properties.VisibilityTimeout).toBe(6 * timeout);
  });

  test.each(['https://sqs.ap-southeast-1.amazonaws.com/123456789012/', 'http://127.0.0.1:4566/sqs/000000000000/'])(
    'the URL pattern of the lanes names each queue below %s',
    (prefix) => {
      const two = new Template({ accounts: [{ profile: 'smpp-asia' }, { profile: 'smpp-asia', name: 'second' }] });
      const nameAt = (place: string) => two.at('AWS::SQS::Queue', place).Properties.QueueName;
      const { Environment: environment } = two.at('AWS::Lambda::Function', 'Functions/send/Function').Properties;
      const { 'Fn::Join': join } = environment.Variables['LANE_QUEUE_URL'] as UrlPattern;
      const [{ 'Fn::Select': select }, rest] = join[1];
      const [index, { 'Fn::Split': split }] = select;
      const pattern = `${prefix}${nameAt(two.texts(split[1]).join())}`.split(split[0])[index] + rest;
      const lanes = two.ofType('AWS::SQS::Queue').filter(([place]) => /^Lanes\/.*\/Queue$/.test(place));
      expect(lanes).toHaveLength(9);
      for (const account of ['smpp-asia', 'second', 'test'] as const) {
        for (const lane of ['otp', 'transactional', 'bulk'] as const) {
          const name = nameAt(`Lanes/${account}-${lane}/Queue`);
          expect(laneQueueUrl(pattern, account, lane)).toBe(`${prefix}${name}`);
          expect(name).toBe(`bindery-prod-${account}-${lane}`);
          const deadLetters = nameAt(`Lanes/${account}-${lane}/DeadLetters`);
          expect(deadLetterUrl(laneQueueUrl(pattern, account, lane))).toBe(`${prefix}${deadLetters}`);
        }
      }
    },
  );
});
