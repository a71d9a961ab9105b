import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../../binder/simulator/simulator.ts';
import { profiles } from '../../../cdk/config/profiles.ts';
import { Given } from '../../../cli/arguments.ts';
import { checkBind } from '../../../cli/checks/bind.ts';
import type { Check } from '../../../cli/checks/check.ts';
import { credentials } from '../../../cli/commands/credentials.ts';
import type { Stack } from '../../../cli/stack/stack.ts';
import { Terminal } from '../../../cli/terminal/terminal.ts';
import { type AccountStatus, type Bindery, BinderyError } from '../../../docs/client/bindery.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';
import { ESME, MC, TlsFront } from '../../fixtures/tls.ts';

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

const CREDENTIALS = { system_id: 'bindery', password: 'secret12' };
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

interface Told {
  status: AccountStatus;
  told: Account;
  /** Epoch milliseconds. */
  now: () => number;
}

/** What is said by the command that stores credentials, in a stack whose secret has `kept`; `stored` is what it has then. */
async function storing(
  kept: object,
  { status, told = account, now = Date.now, place = {} }: Partial<Told> & { place?: Partial<Stack> },
) {
  const stored: unknown[] = [];
  const secrets = createHttpServer((request, response) => {
    void text(request).then((body) => {
      const { SecretString } = JSON.parse(body) as { SecretString?: string };
      if (SecretString !== undefined) stored.push(JSON.parse(SecretString));
      response.end(JSON.stringify({ SecretString: JSON.stringify(kept) }));
    });
  }).listen(0, '127.0.0.1');
  await once(secrets, 'listening');
  onTestFinished(() => void secrets.close());
  const endpoint = `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`;
  const aws = { endpoint, region: 'local', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const outputs = { CredentialsSecrets: '{"a":"arn"}', ...place.outputs };
  const stack = { kind: place.kind ?? 'local', name: 's', outputs, aws };
  const said: string[] = [];
  const output = { write: (line: string) => said.push(line) };
  const answers = [CREDENTIALS.system_id, CREDENTIALS.password];
  const listStatus = async () => await Promise.resolve({ data: [status] });
  const code = await credentials.run(new Given(new Map(), []), {
    terminal: new Terminal({ stdout: output, stderr: { write: () => undefined }, environment: {}, json: true }),
    wanted: {},
    stack: async () => await Promise.resolve({ ...stack, accounts: async () => await Promise.resolve([told]) }),
    api: async () => {
      if (status !== undefined) return await Promise.resolve({ listStatus } as unknown as Bindery);
      throw new BinderyError('no answer', { status: 0, code: 'no_answer', retryable: true });
    },
    now,
    signal: new AbortController().signal,
    environment: {},
    ask: async () => await Promise.resolve(answers.shift() ?? ''),
  });
  const { checks } = JSON.parse(said.join('')) as { checks: Check[] };
  return { code, states: checks.map(({ state }) => state), stored, last: checks.at(-1) };
}

describe('credentials', () => {
  test('are stored, and not tried, where the API does not answer', async () => {
    const told = await storing({}, {});
    expect(told).toMatchObject({ code: 0, states: ['good', 'skipped'], stored: [CREDENTIALS] });
    expect(came).toBe(0);
  });

  test('are tried with the certificate that stands beside them', async () => {
    const centre = await startSimulator();
    const front = await TlsFront.start(centre.port, { requestCert: true, rejectUnauthorized: true, ca: ESME.cert });
    onTestFinished(async () => {
      await front.stop();
      await centre.close();
    });
    const tls = { ca: MC.cert, serverName: 'mc.test' };
    const told = accountSchema.parse({ ...account, url: `smpps://127.0.0.1:${front.port}`, tls });
    const pair = { tls_cert: ESME.cert, tls_key: ESME.key };
    const { states, stored } = await storing(pair, { status: statusOf('unknown'), told });
    expect(states).toEqual(['good', 'good']);
    expect(stored).toEqual([{ ...pair, ...CREDENTIALS }]);
  });

  test('that a binder has not taken yet are told of with what the operator said last, and with the way to a bind at once', async () => {
    const times = [0];
    const session = { state: 'waiting', since: null, reason: 'bind_refused', operator_code: '0x0E', can_send: false };
    const waiting = { account: 'a', session: { ...session, since: '2026-11-23T00:00:00.000Z' } } as AccountStatus;
    const place: Partial<Stack> = { kind: 'deployed', outputs: { ClusterName: 'many', ServiceName: 'one' } };
    const { states, last } = await storing({}, { status: waiting, now: () => times.shift() ?? 60_000, place });
    expect(states).toEqual(['good', 'warning']);
    expect(last?.detail).toContain('0x0e ESME_RINVPASWD');
    expect(last?.next).toContain('--cluster many --service one');
    expect(came).toBe(0);
  });

  test('are not stored beside what no binder could use', async () => {
    await expect(storing({ tls_cert: ESME.cert }, {})).rejects.toThrow('nothing is stored: tls_key');
  });
});
