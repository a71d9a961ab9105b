import { ulid } from 'ulid';
import { beforeAll, describe, expect, test } from 'vitest';
import { Idempotency } from '../../../functions/middleware/idempotency.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { IdempotencyStore } from '../../../shared/store/control-idempotency.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ACCOUNT, type Answer, call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { Life } from './mortal-client.ts';

const ROUTE = 'POST /v1/messages';
const HOUR_MS = 3_600_000;
/** Hundreds of requests at once are a lot for tables on a busy machine. */
const PATIENCE_MS = 60_000;
/** After which the record of a run that died is free. */
const TAKE_OVER_MS = 12_000;

let database: TestDatabase;
let key: string;
let otherKey: string;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'one', scopes: ['messages:send', 'messages:read_body'] });
  otherKey = await storedKey(database, { keyId: 'two', scopes: ['messages:send'] });
});

let bodies = 0;
/** A body that no other test sends. */
function newBody() {
  bodies += 1;
  return { to: '09171234567', from: 'Bindery', text: 'Hello', client_ref: `body-${bodies}` };
}

function setUp({ life = new Life(), clock = { now: CREATED_AT }, accounts = [ACCOUNT] } = {}) {
  const parts = httpParts(database, clock);
  const document = life.client(database.document);
  const queued: string[] = [];
  const { now, log } = parts;
  const idempotency = new Idempotency({ records: new IdempotencyStore(document, 'Control'), newUlid: ulid, now, log });
  const messages = new MessageStore(document, 'Messages');
  const usage = new UsageStore(document, 'Control');
  const lanes = {
    send: async ({ messageId }: { messageId: string }) => await life.step(async () => void queued.push(messageId)),
  };
  const newMessageId = () => `msg_${ulid()}`;
  const handler = sendHandler({ ...parts, idempotency, messages, usage, lanes, newMessageId, accounts });
  const post = async (idempotencyKey: string, body: unknown, by = key): Promise<Answer> =>
    await call(handler, ROUTE, {
      key: by,
      body,
      headers: { 'idempotency-key': idempotencyKey },
      remainingMs: PATIENCE_MS,
    });
  return { ...parts, life, clock, queued, post };
}

async function countedSegments(keyId = 'one'): Promise<number> {
  const usage = new UsageStore(database.document, 'Control');
  return (await usage.read({ account: 'main', keyId }, { month: '2026-11', day: '22' })).month;
}

async function messagesOf({ client_ref: clientRef }: { client_ref: string }): Promise<Record<string, unknown>[]> {
  return (await database.items('Messages')).filter((item) => item['clientRef'] === clientRef);
}

describe('a request with an Idempotency-Key', () => {
  test('that comes again gets the same answer, and there is one message', async () => {
    const { post, queued } = setUp();
    const body = newBody();
    const first = await post('again', body);
    const second = await post('"again"', body);
    expect(first).toMatchObject({ status: 202, body: { text: 'Hello' } });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotency-replayed': 'true' } });
    expect(await messagesOf(body)).toHaveLength(1);
    expect(queued).toHaveLength(1);
  });

  test('gets the same refusal again', async () => {
    const { post } = setUp();
    const body = { ...newBody(), to: '12' };
    const [first, second] = [await post('refused', body), await post('refused', body)];
    expect(first).toMatchObject({ status: 422, body: { code: 'invalid_number' } });
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
  });

  test('with another body is refused', async () => {
    const { post } = setUp();
    await post('other-body', newBody());
    expect(await post('other-body', newBody())).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  test('of another caller is another request', async () => {
    const { post } = setUp();
    const body = newBody();
    const [one, other] = [await post('shared', body), await post('shared', body, otherKey)];
    expect(other.status).toBe(202);
    expect(other.body['id']).not.toBe(one.body['id']);
  });

  test('stands for 24 hours', async () => {
    const { post, clock } = setUp();
    const body = newBody();
    const first = await post('a-day', body);
    clock.now += 24 * HOUR_MS - 1;
    expect((await post('a-day', body)).body['id']).toBe(first.body['id']);
    clock.now += 1;
    const next = await post('a-day', body);
    expect(next.headers).not.toHaveProperty('idempotency-replayed');
    expect(next.body['id']).not.toBe(first.body['id']);
  });

  test.each(['', '   ', '"', 'ñ', 'k'.repeat(256)])('that is %j is refused', async (header) => {
    const answer = await setUp().post(header, newBody());
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
  });

  test('keeps neither the key, nor the body, nor the answer readable in the table', async () => {
    const { post } = setUp();
    await post('a-readable-key', { ...newBody(), text: 'Your code is 123456' });
    const records = (await database.items('Control')).filter(({ pk }) => String(pk).startsWith('idempotency#'));
    expect(records.length).toBeGreaterThan(0);
    expect(JSON.stringify(records)).not.toMatch(/a-readable-key|123456|917123/);
  });

  test('whose body is nested too deeply is malformed, and no fault', async () => {
    const answer = await setUp().post('deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`);
    expect(answer.status).toBe(400);
  });
});

describe('answers that are not remembered', () => {
  test('a refusal for lack of a scope: with the scope it is sent', async () => {
    const { post } = setUp();
    const body = { ...newBody(), lane: 'otp' };
    expect((await post('scope', body)).status).toBe(403);
    const sent = await post('scope', { ...body, lane: 'bulk' });
    expect(sent.status).toBe(202);
  });

  test('a store that does not answer: the next try goes at once, and has the same message if there is one', async () => {
    const body = newBody();
    const parts = httpParts(database);
    const messages = new MessageStore(database.document, 'Messages');
    const fault = Object.assign(new Error('no'), { $metadata: {}, name: 'InternalServerError' });
    const losingAnswers = {
      get: async (id: string) => await messages.get(id),
      change: messages.change.bind(messages),
      create: async (message: Parameters<MessageStore['create']>[0]) => {
        await messages.create(message);
        throw fault;
      },
    };
    const lanes = { send: async () => undefined };
    const handler = sendHandler({
      ...parts,
      messages: losingAnswers,
      lanes,
      newMessageId: () => `msg_${ulid()}`,
      accounts: [ACCOUNT],
    });
    const headers = { 'idempotency-key': 'no-answer' };
    expect((await call(handler, ROUTE, { key, body, headers })).status).toBe(503);
    const next = await setUp().post('no-answer', body);
    const [stored, ...others] = await messagesOf(body);
    expect(next).toMatchObject({ status: 202, body: { id: stored?.['messageId'] } });
    expect(others).toEqual([]);
  });
});

describe('while a request is at work', () => {
  test('a second one is told to wait, and 50 keys that come 500 times at once make 50 messages', async () => {
    const { post } = setUp();
    const requests = Array.from({ length: 50 }, (_, index) => ({ name: `crowd-${index}`, body: newBody() }));
    const answers = await Promise.all(
      Array.from({ length: 10 }).flatMap(() => requests.map(async ({ name, body }) => await post(name, body))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 409]));
    const ids = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => body['id']));
    expect(ids.size).toBe(50);
    const refs = new Set(requests.map(({ body }) => body.client_ref));
    expect((await database.items('Messages')).filter((item) => refs.has(String(item['clientRef'])))).toHaveLength(50);
    const waiting = answers.find(({ status }) => status === 409);
    expect(waiting).toMatchObject({ body: { code: 'idempotent_request_running', retryable: true } });
    expect(Number(waiting?.headers['retry-after'])).toBeGreaterThan(0);
  }, 60_000);
});

describe('a process that dies', () => {
  const whole = new Life();
  let stepCount = 0;
  beforeAll(async () => {
    await setUp({ life: whole }).post('whole', newBody());
    stepCount = whole.steps;
  });

  test('has several steps in which it may', () => {
    // The record, the message, the queue, and the record again.
    expect(stepCount).toBeGreaterThanOrEqual(4);
  });

  test('at any step leaves a request that can be sent again, for one message that is queued', async () => {
    for (let stepsLeft = 1; stepsLeft <= stepCount; stepsLeft += 1) {
      for (const isLastDone of [false, true]) {
        const name = `dies-${stepsLeft}-${isLastDone}`;
        const body = newBody();
        const clock = { now: CREATED_AT };
        const before = await countedSegments();
        await setUp({ life: new Life({ stepsLeft, isLastDone }), clock }).post(name, body);
        // Before that it looks like one that is at work.
        clock.now += TAKE_OVER_MS;
        const next = setUp({ clock });
        const answer = await next.post(name, body);
        expect(answer.status, name).toBe(202);
        const stored = await messagesOf(body);
        expect(
          stored.map(({ messageId }) => messageId),
          name,
        ).toEqual([answer.body['id']]);
        expect((await countedSegments()) - before, name).toBe(1);
        const again = await next.post(name, body);
        expect(again, name).toMatchObject({
          body: { id: answer.body['id'] },
          headers: { 'idempotency-replayed': 'true' },
        });
      }
    }
  });

  test('and is sent again much later, when others have looked after its count, is counted once', async () => {
    const patient = await storedKey(database, { keyId: 'patient', scopes: ['messages:send'] });
    // It looks after two counts of its key and two of its account itself, each with a read and a write.
    for (let stepsLeft = 1; stepsLeft <= stepCount + 8; stepsLeft += 1) {
      const name = `dies-long-ago-${stepsLeft}`;
      const body = newBody();
      const clock = { now: CREATED_AT + stepsLeft * HOUR_MS };
      const before = await countedSegments('patient');
      await setUp({ life: new Life({ stepsLeft, isLastDone: true }), clock }).post(name, body, patient);
      clock.now += 60_000;
      // Each looks after two counts at most, and the messages before this one have left some, too.
      for (const other of [1, 2, 3]) await setUp({ clock }).post(`${name}-${other}`, newBody(), patient);
      expect((await setUp({ clock }).post(name, body, patient)).status, name).toBe(202);
      expect((await countedSegments('patient')) - before, name).toBe(4);
      expect(await messagesOf(body), name).toHaveLength(1);
    }
  });

  test('and whose repetition is refused for the moment still leaves one message', async () => {
    const body = newBody();
    const clock = { now: CREATED_AT };
    await setUp({ life: new Life({ stepsLeft: stepCount }), clock }).post('refused-meanwhile', body);
    clock.now += TAKE_OVER_MS;
    expect((await setUp({ clock, accounts: [] }).post('refused-meanwhile', body)).status).toBe(403);
    const answer = await setUp({ clock }).post('refused-meanwhile', body);
    expect(answer.status).toBe(202);
    expect((await messagesOf(body)).map(({ messageId }) => messageId)).toEqual([answer.body['id']]);
  });

  test('twice in a row still leaves one message', async () => {
    for (let stepsLeft = 2; stepsLeft <= stepCount; stepsLeft += 1) {
      const name = `dies-twice-${stepsLeft}`;
      const body = newBody();
      const clock = { now: CREATED_AT };
      for (const life of [new Life({ stepsLeft, isLastDone: true }), new Life({ stepsLeft: 3, isLastDone: true })]) {
        await setUp({ life, clock }).post(name, body);
        clock.now += TAKE_OVER_MS;
      }
      const answer = await setUp({ clock }).post(name, body);
      expect(answer.status, name).toBe(202);
      expect(
        (await messagesOf(body)).map(({ messageId }) => messageId),
        name,
      ).toEqual([answer.body['id']]);
    }
  });
});
