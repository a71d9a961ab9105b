import { expect, test } from 'vitest';
import type { GrantLine } from '../../../cdk/local/grant-record.ts';
import { complaints, summarize } from '../../grants/summary.ts';

const ROLE = 'Functions/send/Role';
const line = (kind: 'granted' | 'used', action: string, resource: string, grantee = ROLE): GrantLine => ({
  kind,
  right: { grantee, action, resource },
});

test('a right that no stack of the run used is a complaint, one that any of them used is none', () => {
  const rights = summarize([
    line('granted', 'sqs:SendMessage', 'Feed/Steps/Queue'),
    line('granted', 'sqs:GetQueueUrl', 'Feed/Steps/Queue'),
    line('granted', 'sqs:SendMessage', 'Feed/Steps/Queue'),
    line('used', 'sqs:SendMessage', 'Feed/Steps/Queue'),
  ]);
  expect(rights.map(({ action, used }) => [action, used])).toEqual([
    ['sqs:GetQueueUrl', false],
    ['sqs:SendMessage', true],
  ]);
  expect(complaints(rights)).toEqual([`never used: ${ROLE}: sqs:GetQueueUrl on Feed/Steps/Queue`]);
});

test('one lane speaks for all lanes, but not for their dead-letter queues', () => {
  const rights = summarize([
    line('granted', 'sqs:SendMessage', 'Lanes/smpp-asia-otp/Queue'),
    line('granted', 'sqs:SendMessage', 'Lanes/test-bulk/Queue'),
    line('granted', 'sqs:SendMessage', 'Lanes/test-bulk/DeadLetters'),
    line('used', 'sqs:SendMessage', 'Lanes/smpp-asia-otp/Queue'),
  ]);
  expect(rights.map(({ resource, used }) => [resource, used])).toEqual([
    ['Lanes/(each)/DeadLetters', false],
    ['Lanes/(each)/Queue', true],
  ]);
});

test('a wildcard needs a reason, given where it is made or above', () => {
  const wild = [
    line('granted', 'ecr:Get*', '*', 'Binder/Task/ExecutionRole'),
    line('used', 'ecr:Get*', '*', 'Binder/Task/ExecutionRole'),
  ];
  expect(complaints(summarize(wild))).toEqual([
    'a wildcard without a reason: Binder/Task/ExecutionRole: ecr:Get* on *',
  ]);
  const because = (place: string, action = 'ecr:Get*'): GrantLine => ({
    kind: 'reason',
    reason: { place, actions: [action], reason: 'why' },
  });
  expect(complaints(summarize([...wild, because('Binder/Task')]))).toEqual([]);
  expect(complaints(summarize([...wild, because('Binder/Tas')]))).toHaveLength(1);
  expect(complaints(summarize([...wild, because('Binder/Task', 'ecr:Put*')]))).toHaveLength(1);
});
