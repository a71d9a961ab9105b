import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complaintWithout } from './deploy-without.ts';
import { e164Of, startFixtureOperator } from './fixture-operator.ts';
import { CASES, type RightCase } from './right-cases.ts';
import { denial, RightsWorld, rolesOf } from './rights-world.ts';
import { startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** Roles under which only AWS acts, and that a deploy would stumble over. */
const AT_DEPLOY: Readonly<Record<string, string>> = {
  'Functions/docs/Role': 'logs:PutLogEvents',
  'Binder/Task/ExecutionRole': 'ecr:BatchGetImage',
  'Network/Vpc/FlowLog/IAMRole': 'logs:DescribeLogStreams',
};

/** A customer's key, so that what it asks of each role is tried as well. */
const KEY_ARN = 'arn:aws:kms:ap-southeast-1:000000000000:key/01234567-89ab-cdef-0123-456789abcdef';

let world: RightsWorld;
let assemblyFolder: string;

beforeAll(async () => {
  const stateDirectory = freshStateDirectory();
  assemblyFolder = join(stateDirectory, 'assembly');
  const operator = await startFixtureOperator({ receiptDelayMs: 100, receiptRetryMs: 500 });
  whenOver(() => operator.close());
  const context = { 'bindery:encryption': { kind: 'existing', keyArn: KEY_ARN } };
  const stack = await startStack({ stateDirectory, operator: operator.credentials, context });
  whenOver(() => stack.close());
  const receiver = await WebhookReceiver.start();
  await stack.client.bindery.createWebhookEndpoint({ url: receiver.url, events: ['message.*'] });
  world = new RightsWorld({ stack, operator, receiver, assemblyFolder });
}, 90_000);

afterAll(tearDown);

/** The use of a right while it is missing, which it no longer is when this ends. */
async function without({ role, action, resource, use }: RightCase) {
  world.expectDenial(role, action);
  await world.withdraw(role, action, resource);
  try {
    const afterwards = await use(world);
    await world.untilDenied();
    return afterwards;
  } finally {
    await world.stack.giveBack();
  }
}

describe('a right that is withdrawn while the stack runs', () => {
  test.each(CASES)('$role without $action is denied by name, and nothing is lost', async (one) => {
    const afterwards = await without(one);
    if (one.log !== undefined) await world.untilLogged(one.log);
    await afterwards();
  });

  test('has made no message go twice', async () => {
    const sent = world.operator.simulator.messages().map(({ destination }) => e164Of(destination));
    for (const to of world.accepted.keys()) expect(sent.filter((number) => number === to)).toEqual([to]);
    for (const id of world.accepted.values()) await world.untilDelivered(id);
  });
});

describe('a right that is not there from the start', () => {
  test.each(Object.entries(AT_DEPLOY))('%s without %s is refused by name', async (role, action) => {
    const roleId = rolesOf(assemblyFolder).get(role) ?? '';
    expect(await complaintWithout(assemblyFolder, roleId, action)).toMatch(denial(roleId, action));
  });
});

test('every role of the stack is tried', () => {
  const tried = new Set([...CASES.map(({ role }) => role), ...Object.keys(AT_DEPLOY)]);
  expect([...tried].sort()).toEqual([...rolesOf(assemblyFolder).keys()].sort());
});
