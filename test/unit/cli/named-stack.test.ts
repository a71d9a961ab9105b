import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkStack } from '../../../cli/checks/stack.ts';
import { findStack, placeOf, withStage } from '../../../cli/stack/find-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'bindery-named-stack-'));
let cloudFormation: Server;

/** Two stages with an operator each, and a CloudFormation that has every stack it is asked for. */
beforeAll(async () => {
  const at = (account: string, region: string) => ({ aws: { account, region } });
  const configuration = {
    accounts: [{ profile: 'smpp-asia', url: 'smpp://prod.example:2775' }],
    stages: {
      prod: at('111111111111', 'ap-southeast-1'),
      staging: {
        ...at('222222222222', 'eu-west-1'),
        accounts: [{ profile: 'smpp-asia', url: 'smpp://staging.example:2775' }],
      },
    },
  };
  const file = join(folder, 'bindery.json');
  writeFileSync(file, JSON.stringify(configuration));
  cloudFormation = createServer((_request, response) => {
    const member = '<member><StackName>any</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member>';
    const stacks = `<DescribeStacksResult><Stacks>${member}</Stacks></DescribeStacksResult>`;
    response.setHeader('content-type', 'text/xml');
    response.end(`<DescribeStacksResponse>${stacks}</DescribeStacksResponse>`);
  });
  await new Promise<void>((resolve) => void cloudFormation.listen(0, '127.0.0.1', resolve));
  const { port } = cloudFormation.address() as AddressInfo;
  vi.stubEnv('BINDERY_CONFIGURATION', file);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'anyone');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'anything');
});

afterAll(() => {
  vi.unstubAllEnvs();
  cloudFormation.close();
  rmSync(folder, { recursive: true });
});

const addresses = async (wanted: Parameters<typeof withStage>[0]) => {
  const stack = await findStack(withStage(wanted));
  return (await stack.accounts()).map(({ url }) => url);
};

test("a stack that is named has the operators and the region of its own stage, not of the checkout's usual one", async () => {
  expect(await addresses({ stack: 'bindery-staging' })).toEqual(['smpp://staging.example:2775']);
  expect(placeOf(withStage({ stack: 'bindery-staging' }))).toEqual({
    stackName: 'bindery-staging',
    region: 'eu-west-1',
  });
  expect(await addresses({ stage: 'prod' })).toEqual(['smpp://prod.example:2775']);
});

test('of a stack that no stage has nobody guesses the operators; a stage that is named beside it says them', async () => {
  await expect(addresses({ stack: 'sms', region: 'eu-west-1' })).rejects.toMatchObject({ code: 'no_stage' });
  expect(placeOf(withStage({ stack: 'sms' }))).toEqual({ stackName: 'sms', region: undefined });
  expect(await addresses({ stack: 'sms', stage: 'staging' })).toEqual(['smpp://staging.example:2775']);
  await expect(addresses({ stack: 'bindery-other', region: 'eu-west-1' })).rejects.toThrow(/there is no "other"/);
});

test('a local stack that is named by its folder and does not run is what the doctor finds, not AWS', async () => {
  const first = await checkStack({ state: folder }).next();
  expect(first.value).toMatchObject({ name: 'stack', state: 'bad', next: `Start one: npm start -- --state ${folder}` });
});
