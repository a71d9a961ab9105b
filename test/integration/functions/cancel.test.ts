import { beforeAll, describe, expect, test } from 'vitest';
import { claimMessage } from '../../../binder/outbound/claim.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { messageSchema } from '../../../shared/contracts/message.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import type { MessageChange } from '../../../shared/domain/transitions.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ACCOUNT, call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'POST /v1/messages/{id}/cancel';
const claimed: MessageChange = { kind: 'claimed', owner: 'b', fence: 1, at: CREATED_AT };
const accepted: MessageChange = { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at: CREATED_AT };

let database: TestDatabase;
let messages: MessageStore;
let key: string;

beforeAll(async () => {
  database = await startDatabase();
  messages = new MessageStore(database.document, 'Messages');
  key = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
});

let number = 0;

async function stored(different: Partial<Message> = {}, ...changes: MessageChange[]): Promise<string> {
  number += 1;
  const messageId = firstIdAt(CREATED_AT + number);
  await messages.create(queuedMessage({ messageId, ...different }));
  for (const change of changes) await messages.change(messageId, change);
  return messageId;
}

async function cancel(id: string, as = key, store: Partial<MessageStore> = {}) {
  const parts = httpParts(database, { now: CREATED_AT + 5_000 });
  const handler = sendHandler({
    ...parts,
    messages: {
      create: messages.create.bind(messages),
      get: messages.get.bind(messages),
      change: messages.change.bind(messages),
      ...store,
    },
    lanes: { send: () => Promise.reject(new Error('nothing is queued here')) },
    newMessageId: () => 'none',
    accounts: [ACCOUNT],
  });
  return await call(handler, ROUTE, { key: as, parameters: { id } });
}

describe('a message that waits', () => {
  test('is canceled, with an event of it, and no binder ever takes it', async () => {
    const id = await stored();
    const answer = await cancel(id);
    expect(answer.status).toBe(200);
    expect(messageSchema.parse(answer.body)).toMatchObject({
      id,
      status: 'canceled',
      // The key may send, and not read.
      to: '+63917•••••67',
      is_final: true,
      finalized_at: '2026-11-22T10:26:45.000Z',
      timeline: [{ status: 'queued' }, { status: 'canceled', sequence: 2 }],
    });
    const claim = { owner: 'b', fence: 1, at: CREATED_AT + 6_000 };
    const request = {
      messageId: id,
      account: { ...ACCOUNT, name: 'main' },
      claim,
      optOut: async () => await Promise.resolve(undefined),
      holdSeconds: () => 0,
    };
    expect(await claimMessage(messages, request)).toEqual({ kind: 'done', reason: 'canceled' });
  });

  test('is canceled once, however often one asks, and each answer says so', async () => {
    const id = await stored();
    const answers = await Promise.all([cancel(id), cancel(id), cancel(id)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await messages.get(id))?.timeline).toHaveLength(2);
  });

  test('can be canceled after a binder gave it back', async () => {
    const notAccepted: MessageChange = { kind: 'segment_not_accepted', index: 0, refused: false, at: CREATED_AT };
    const id = await stored({}, claimed, notAccepted, { kind: 'given_back', at: CREATED_AT });
    expect((await cancel(id)).status).toBe(200);
  });
});

describe('a message that does not wait any more', () => {
  test.each<[string, MessageChange[]]>([
    ['sending', [claimed]],
    ['sent', [claimed, accepted]],
    ['expired', [{ kind: 'expired', at: CREATED_AT }]],
  ])('is not canceled when it is %s', async (status, changes) => {
    const id = await stored({}, ...changes);
    const before = await messages.get(id);
    expect(await cancel(id)).toMatchObject({
      status: 409,
      body: { code: 'not_cancelable', retryable: false, detail: expect.stringContaining(status) },
    });
    expect(await messages.get(id)).toEqual(before);
  });

  test('is left to the binder that was quicker by a moment', async () => {
    const id = await stored();
    const get = async (messageId: string) => {
      const message = await messages.get(messageId);
      await messages.change(messageId, claimed);
      return message;
    };
    expect((await cancel(id, key, { get })).body['code']).toBe('not_cancelable');
    expect((await messages.get(id))?.status).toBe('sending');
  });
});

describe('who may cancel', () => {
  test('needs the right to send in its lane', async () => {
    const otp = await storedKey(database, { keyId: 'otp', scopes: ['messages:send:otp'] });
    const reader = await storedKey(database, { keyId: 'reader', scopes: ['messages:read'] });
    const [transactional, password] = [await stored(), await stored({ lane: 'otp' })];
    expect((await cancel(transactional, otp)).body['code']).toBe('missing_scope');
    expect((await cancel(password, key)).body['code']).toBe('missing_scope');
    expect((await cancel(password, reader)).body['code']).toBe('missing_scope');
    expect((await cancel(password, otp)).status).toBe(200);
  });

  test("another account's message is not there, like one that never was", async () => {
    const other = await storedKey(database, { keyId: 'other', scopes: ['messages:send'], account: 'second' });
    const [hidden, missing] = [await cancel(await stored(), other), await cancel(firstIdAt(1), other)];
    expect(hidden).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(missing.body['detail']).toBe(hidden.body['detail']);
    expect((await cancel('msg_1', key)).status).toBe(404);
  });
});
