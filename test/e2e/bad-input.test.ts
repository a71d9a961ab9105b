import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '../../shared/contracts/problem.ts';
import { acceptedMessages } from '../fixtures/messages.ts';
import { ApiClient, type HttpAnswer } from './api-client.ts';
import { type FixtureOperator, PASSWORD, SYSTEM_ID, startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

const WRONG_PASSWORD = 'wR0ngPw1';
/** SMPP 3.4 section 5.1.3: ESME_RINVPASWD. */
const INVALID_PASSWORD = 0x0e;
const FIVE_MINUTES_MS = 300_000;

const good = { to: '0917 555 0144', from: 'Bindery', text: 'Kumusta? Your parcel has arrived.', lane: 'otp' };
const goodKeyOf = (stack: RunningStack) => ({ api: stack.api, key: stack.key });

interface BadRequest {
  name: string;
  body: string;
  key?: string;
  headers?: Record<string, string>;
  status: number;
  code: string;
  /** Something that helps: in `detail`, or in one of `errors`. */
  says: RegExp;
  pointer?: string;
}

const json = (fields: Record<string, unknown>) => JSON.stringify({ ...good, ...fields });

const BAD_REQUESTS: readonly BadRequest[] = [
  {
    name: 'malformed JSON',
    body: '{"to": "0917 555 0144",',
    status: 400,
    code: 'malformed_json',
    says: /line 1, column \d+/,
  },
  { name: 'no body', body: '', status: 400, code: 'invalid_request', says: /\S/ },
  {
    name: 'another media type',
    body: json({}),
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'unsupported_media_type',
    says: /application\/json/,
  },
  {
    name: 'an unknown field',
    body: json({ txt: 'x' }),
    status: 400,
    code: 'invalid_request',
    says: /no field 'txt'/,
    pointer: '/txt',
  },
  {
    name: 'a number instead of a text',
    body: json({ text: 42 }),
    status: 400,
    code: 'invalid_request',
    says: /must be a string/,
    pointer: '/text',
  },
  {
    name: 'a missing field',
    body: JSON.stringify({ to: good.to, text: good.text }),
    status: 400,
    code: 'invalid_request',
    says: /required/,
    pointer: '/from',
  },
  {
    name: 'an empty text',
    body: json({ text: '' }),
    status: 400,
    code: 'invalid_request',
    says: /at least 1/,
    pointer: '/text',
  },
  {
    name: 'a landline',
    body: json({ to: '(02) 8555-0177' }),
    status: 422,
    code: 'landline_number',
    says: /landline/,
    pointer: '/to',
  },
  {
    name: 'a wrong key',
    body: json({}),
    key: `bk_live_admin_${'x'.repeat(40)}`,
    status: 401,
    code: 'invalid_key',
    says: /key/,
  },
  { name: 'no key', body: json({}), key: '', status: 401, code: 'missing_credentials', says: /Authorization: Bearer/ },
  {
    name: 'a body over the limit',
    body: json({ metadata: { note: 'x'.repeat(70_000) } }),
    status: 413,
    code: 'body_too_large',
    says: /65536 octets/,
  },
];

describe('a local stack with a wrong password for its operator', () => {
  let operator: FixtureOperator;
  let stack: RunningStack;

  const bindAnswers = () =>
    operator.simulator.events.flatMap((event) => (event.kind === 'bind_answered' ? [event.status] : []));

  beforeAll(async () => {
    operator = await startFixtureOperator({ receiptDelayMs: 200 });
    whenOver(() => operator.close());
    const credentials = { ...operator.credentials, password: WRONG_PASSWORD };
    stack = await startStack({ stateDirectory: freshStateDirectory(), operator: credentials });
    whenOver(() => stack.close());
  }, 90_000);

  afterAll(tearDown);

  test('starts all the same, and says clearly what is wrong and that it keeps trying', async () => {
    const notice = stack.observed.find((text) => text.includes('not bound'));
    expect(notice).toMatch(/account smpp-asia is not bound: .*0x0e/i);
    expect(notice).toMatch(/keeps trying/);
  });

  test('does not knock fast, or the operator would block the account', async () => {
    const session = (await stack.sessions()).find(({ account }) => account === 'smpp-asia');
    expect(session).toMatchObject({ state: 'waiting', reason: 'bind_refused', commandStatus: INVALID_PASSWORD });
    expect(session?.retryInMs).toBeGreaterThanOrEqual(FIVE_MINUTES_MS);
    expect(bindAnswers()).toEqual([INVALID_PASSWORD]);
  });

  test.each(BAD_REQUESTS)('answers $name with $status $code and a detail that helps', async (request) => {
    const { body, key = stack.key, headers = {} } = request;
    const client = new ApiClient({ ...goodKeyOf(stack), key });
    const answer = await client.post('/v1/messages', body, headers);
    expectProblem(answer, request);
  });

  test('answers an unknown message and an unknown path with 404', async () => {
    const unknown = await stack.client.request('/v1/messages/msg_01JZZZZZZZZZZZZZZZZZZZZZZZ', {});
    expectProblem(unknown, { status: 404, code: 'not_found', says: /\S/ });
    expect((await stack.client.request('/v1/nothing', {})).status).toBe(404);
  });

  test('names every fault of a message at once', async () => {
    const answer = await stack.client.post('/v1/messages', json({ to: '(02) 8555-0177', from: 'x' }));
    const { errors } = problemSchema.parse(answer.body);
    expect(errors?.map(({ pointer }) => pointer).toSorted()).toEqual(['/from', '/to']);
  });

  test('keeps what it accepts, and sends it as soon as a task finds the right password', async () => {
    const [fixture] = acceptedMessages;
    const answer = await stack.client.send(fixture!);
    const { id } = answer.kind === 'accepted' ? answer.message : expect.fail('refused');
    expect((await stack.client.message(id)).status).toBe('queued');
    await stack.storeCredentials({ system_id: SYSTEM_ID, password: PASSWORD });
    stack.replaceBinder();
    await until('the message to be delivered', 60_000, async () => {
      return (await stack.client.message(id)).status === 'delivered';
    });
    expect(bindAnswers()).toEqual([INVALID_PASSWORD, 0]);
  });
});

function expectProblem(answer: HttpAnswer, expected: Pick<BadRequest, 'status' | 'code' | 'says' | 'pointer'>): void {
  const problem = problemSchema.parse(answer.body);
  expect(problem).toMatchObject({ status: expected.status, code: expected.code });
  expect(answer.status).toBe(expected.status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const words = [problem.detail, ...(problem.errors ?? []).map(({ detail }) => detail)].join('\n');
  expect(words).toMatch(expected.says);
  if (expected.pointer !== undefined) expect(problem.errors?.map(({ pointer }) => pointer)).toEqual([expected.pointer]);
  // An error may end up in any log of the caller's.
  expect(JSON.stringify(problem)).not.toMatch(/555[\s-]?01|Kumusta/);
}
