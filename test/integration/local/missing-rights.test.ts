import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminKey } from '../../../cdk/local/admin-key.ts';
import type { LocalAws } from '../../../cdk/local/aws/api.ts';
import type { LocalStack } from '../../../cdk/local/stack.ts';
import { until } from '../../fixtures/running-stack.ts';
import { SynthesizedStack } from '../../fixtures/stack-without-right.ts';

interface Running {
  stack: LocalStack;
  aws: LocalAws;
}

/** What makes a program use the right that its role lacks. */
type Use = (running: Running) => Promise<unknown>;

const MESSAGE = { to: '+639171234567', from: 'BINDERY', text: 'Hello' };

/** A request to the API, under a key that the function has to look up. */
const request = (path: string): Use => {
  return async ({ stack }) => {
    await stack.startTriggers();
    await fetch(`${stack.apiUrl}${path}`, { headers: { authorization: `Bearer bk_live_admin_${'x'.repeat(40)}` } });
  };
};

const called = (name: string, event: unknown): Use => {
  return async ({ stack }) => await stack.functions.find((one) => one.specification.name === name)?.invoke(event);
};

/** The whole stack runs, and a message is sent to it. */
const sendsMessage: Use = async ({ stack, aws }) => {
  await stack.startTriggers();
  const headers = { authorization: `Bearer ${adminKey(stack, aws)}`, 'content-type': 'application/json' };
  const known = () => fetch(`${stack.apiUrl}/v1/keys`, { headers }).then(({ ok }) => ok);
  await until('the admin key to be installed', known);
  // It is accepted all the same: what was stored and not queued is for the sweep.
  await fetch(`${stack.apiUrl}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(MESSAGE) });
};

/** What a deploy itself would stumble over: AWS acts under the role, and no program. */
const deploys: Use = () => Promise.resolve();

/** For each role of the stack one of its rights, and what uses it. A new role needs a line here. */
const CASES: Record<string, { action: string; use: Use }> = {
  'Functions/send/Role': { action: 'sqs:SendMessage', use: sendsMessage },
  'Functions/query/Role': { action: 'dynamodb:GetItem', use: request('/v1/status') },
  'Functions/manage/Role': { action: 'dynamodb:GetItem', use: request('/v1/keys') },
  'Functions/docs/Role': { action: 'logs:PutLogEvents', use: deploys },
  'Functions/apply-receipts/Role': { action: 'dynamodb:GetRecords', use: deploys },
  'Functions/publish-events/Role': { action: 'dynamodb:DescribeStream', use: deploys },
  'Functions/deliver-webhook/Role': { action: 'sqs:DeleteMessage', use: deploys },
  'Functions/feed-batches/Role': { action: 'sqs:ReceiveMessage', use: deploys },
  'Functions/sweep/Role': { action: 'secretsmanager:GetSecretValue', use: called('sweep', {}) },
  'Binder/Task/TaskRole': { action: 'secretsmanager:GetSecretValue', use: ({ stack }) => stack.startServices() },
  'Binder/Task/ExecutionRole': { action: 'ecr:BatchGetImage', use: deploys },
  'Network/Vpc/FlowLog/IAMRole': { action: 'logs:DescribeLogStreams', use: deploys },
};

let synthesized: SynthesizedStack;

beforeAll(async () => {
  synthesized = await SynthesizedStack.make();
}, 120_000);
afterAll(() => synthesized.remove());

describe('one right less', () => {
  test.each(Object.entries(CASES))(
    '%s without %j is denied by name',
    { timeout: 60_000 },
    async (place, { action, use }) => {
      const roleId = synthesized.roles.get(place) ?? '';
      synthesized.takeAway(roleId, action);
      const told = await synthesized
        .run(async ({ denials, ...running }) => {
          await use(running);
          return await until('a denial', () => denials.find((denial) => denial.includes(roleId)), 20_000);
        })
        .catch((fault: Error) => fault.message);
      expect(told).toMatch(
        new RegExp(`assumed-role/${roleId}/\\S+ is not authorized to perform: ${action} on resource`),
      );
    },
  );

  test('is tried with every role that the stack has', () => {
    expect([...synthesized.roles.keys()].sort()).toEqual(Object.keys(CASES).sort());
  });
});
