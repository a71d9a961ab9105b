import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { profiles } from '../../../cdk/config/profiles.ts';
import { Given } from '../../../cli/arguments.ts';
import { checkBind } from '../../../cli/checks/bind.ts';
import { credentials } from '../../../cli/commands/credentials.ts';
import { Terminal } from '../../../cli/terminal/terminal.ts';
import { type AccountStatus, BinderyError } from '../../../docs/client/bindery.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';

/** An operator who hangs up, and counts who came. */
let operator: Server;
let account: Account;
let came = 0;
beforeAll(async () => {
  operator = createServer((socket) => {
    came += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(operator, 'listening');
  const { port } = operator.address() as AddressInfo;
  const own = { name: 'a', url: `smpp://127.0.0.1:${port}`, bindType: 'transceiver' };
  account = accountSchema.parse({ ...profiles['smpp-asia'], ...own });
});
afterAll(() => operator.close());
beforeEach(() => {
  came = 0;
});

const CREDENTIALS = { system_id: 'me', password: 'secret' };
const statusOf = (state: AccountStatus['session']['state'], can_send = false) =>
  ({ account: 'a', session: { state, can_send } }) as AccountStatus;
const check = async (status: AccountStatus | undefined, force = false) =>
  await checkBind(account, CREDENTIALS, { status, force });

describe('a try to bind', () => {
  test('is made where the API says that no binder tells anything', async () => {
    expect(await check(statusOf('unknown'))).toMatchObject({ state: 'bad' });
    expect(came).toBe(1);
  });

  test.each([
    ['a binder holds the account', statusOf('bound', true)],
    ['a binder is at it', statusOf('connecting')],
    ['the API does not say whether one does', undefined],
  ])('is not made where %s, unless it is forced', async (_, status) => {
    expect(await check(status)).toMatchObject({ state: 'skipped' });
    expect(came).toBe(0);
    expect(await check(status, true)).toMatchObject({ state: 'bad' });
    expect(came).toBe(1);
  });
});

test('credentials are stored, and not tried, where the API does not answer', async () => {
  const secrets = createHttpServer((_, response) => response.end('{"SecretString":"{}"}')).listen(0, '127.0.0.1');
  await once(secrets, 'listening');
  const endpoint = `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`;
  const aws = { endpoint, region: 'local', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const stack = { kind: 'local', name: 's', outputs: { CredentialsSecrets: '{"a":"arn"}' }, aws } as const;
  const said: string[] = [];
  const output = { write: (text: string) => said.push(text) };
  const answers = ['me', 'secret'];
  const code = await credentials.run(new Given(new Map(), []), {
    terminal: new Terminal({ stdout: output, stderr: { write: () => undefined }, environment: {}, json: true }),
    wanted: {},
    stack: async () => await Promise.resolve({ ...stack, accounts: async () => await Promise.resolve([account]) }),
    api: async () =>
      await Promise.reject(new BinderyError('no answer', { status: 0, code: 'no_answer', retryable: true })),
    now: Date.now,
    signal: new AbortController().signal,
    environment: {},
    ask: async () => await Promise.resolve(answers.shift() ?? ''),
  });
  secrets.close();
  expect(came).toBe(0);
  expect(code).toBe(0);
  expect(JSON.parse(said.join(''))).toMatchObject({ checks: [{ state: 'good' }, { state: 'skipped' }] });
});
