import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'bindery-deploy-'));
const said = join(folder, 'cdk-arguments');

/** What CloudFormation answers next. */
let answer: { status: number; body: string };
let cloudFormation: Server;

const TOOLKIT = {
  status: 200,
  body:
    '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>CDKToolkit</StackName>' +
    '<StackId>arn:aws:cloudformation:us-east-1:111111111111:stack/CDKToolkit/x</StackId><StackStatus>CREATE_COMPLETE</StackStatus>' +
    '<CreationTime>2026-01-01T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
};
const refusal = (status: number, code: string, message: string) => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

/** A program of that name that writes down how it was called. */
function standIn(name: string, status: number): void {
  writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\nexit ${status}\n`);
  chmodSync(join(folder, name), 0o755);
}

beforeAll(async () => {
  cloudFormation = createServer((request, response) => {
    request.resume();
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(cloudFormation, 'listening');
});
afterAll(() => {
  cloudFormation.close();
  rmSync(folder, { recursive: true, force: true });
});

async function deploy(...args: string[]): Promise<{ status: unknown; printed: string; cdk: string[] | undefined }> {
  rmSync(said, { force: true });
  const child = spawn(process.execPath, ['cdk/deploy/main.ts', ...args], {
    env: {
      PATH: `${folder}${delimiter}${process.env['PATH']}`,
      HOME: folder,
      CDK_DOCKER: 'true',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_REGION: 'us-east-1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[status], ...parts] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  const cdk = (() => {
    try {
      return readFileSync(said, 'utf8').trim().split('\n');
    } catch {
      return undefined;
    }
  })();
  return { status, printed: parts.join(''), cdk };
}

test('where everything is there, it says what it will do, lets the CDK do it, and says what comes next', async () => {
  answer = TOOLKIT;
  standIn('cdk', 0);
  const { status, printed, cdk } = await deploy('--stage', 'nobodys', '--require-approval', 'never');
  expect(status).toBe(0);
  expect(cdk?.slice(0, 4)).toEqual(['deploy', 'bindery-nobodys', '-c', 'bindery:stage=nobodys']);
  expect(cdk?.slice(-2)).toEqual(['--require-approval', 'never']);
  expect(printed).toContain('✓ AWS: account 111111111111, region us-east-1, prepared for the CDK');
  expect(printed).toContain('npm run cli -- credentials --account smpp-asia --stage nobodys');
});

test('the status of the CDK is that of the command, and what comes next is not said', async () => {
  answer = TOOLKIT;
  standIn('cdk', 3);
  const { status, printed } = await deploy();
  expect(status).toBe(3);
  expect(printed).not.toContain('What is next');
});

test('with --check it only looks', async () => {
  answer = TOOLKIT;
  standIn('cdk', 0);
  const { status, cdk } = await deploy('--check');
  expect(status).toBe(0);
  expect(cdk).toBeUndefined();
});

test.each([
  ['has no CDK', refusal(400, 'ValidationError', 'Stack with id CDKToolkit does not exist'), /npx cdk bootstrap/],
  ['knows no such credentials', refusal(403, 'InvalidClientTokenId', 'The security token is invalid'), /aws sso login/],
])('where the account %s, nothing is deployed and it says what to do', async (_, refused, hint) => {
  answer = refused;
  standIn('cdk', 0);
  const { status, printed, cdk } = await deploy();
  expect(status).toBe(1);
  expect(printed).toMatch(hint);
  expect(cdk).toBeUndefined();
});

test('credentials that may not look deploy all the same: the CDK has roles of its own', async () => {
  answer = refusal(403, 'AccessDenied', 'not authorized to perform cloudformation:DescribeStacks');
  standIn('cdk', 0);
  const { status, cdk } = await deploy('--stage', 'nobodys');
  expect(status).toBe(0);
  expect(cdk?.[0]).toBe('deploy');
});
