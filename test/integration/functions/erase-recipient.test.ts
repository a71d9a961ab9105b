import { beforeAll, describe, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { type Erasure, erasureSchema } from '../../../shared/contracts/recipient.ts';
import { firstInboundIdAt } from '../../../shared/domain/inbound-message.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import type { MessageChange } from '../../../shared/domain/transitions.ts';
import { KeywordStore } from '../../../shared/store/control-keywords.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { inboundMessage } from '../../fixtures/inbound.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ACCOUNT, call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'POST /v1/recipients/erase';
const claimed: MessageChange = { kind: 'claimed', owner: 'b', fence: 1, at: CREATED_AT };
const accepted: MessageChange = { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at: CREATED_AT };

let database: TestDatabase;
let messages: MessageStore;
let receipts: ReceiptStore;
let keywords: KeywordStore;
let optOuts: OptOutStore;
let admin: string;
let number = 0;

beforeAll(async () => {
  database = await startDatabase();
  messages = new MessageStore(database.document, 'Messages');
  receipts = new ReceiptStore(database.document, 'Receipts');
  keywords = new KeywordStore(database.document, 'Control');
  optOuts = new OptOutStore(database.document, 'Control');
  admin = await storedKey(database, { keyId: 'boss', scopes: ['admin'] });
});

/** A recipient of its own for each test. */
function recipient(): string {
  number += 1;
  return `+63917555${String(number).padStart(4, '0')}`;
}

async function stored(to: string, different: Partial<Message> = {}, ...changes: MessageChange[]): Promise<string> {
  number += 1;
  const messageId = firstIdAt(CREATED_AT + number);
  const personal = { text: 'Dear Juan', clientRef: 'juan-1', metadata: { name: 'Juan' } };
  await messages.create(queuedMessage({ messageId, to, ...personal, ...different }));
  for (const change of changes) await messages.change(messageId, change);
  return messageId;
}

async function inbound(from: string, account = 'main'): Promise<void> {
  number += 1;
  await receipts.putInbound(inboundMessage({ messageId: firstInboundIdAt(CREATED_AT + number), account, from }));
}

/** @param msPerLook how much time passes whenever the clock is read */
async function erase(body: Record<string, unknown>, { as = admin, msPerLook = 0 } = {}) {
  const parts = httpParts(database);
  const now = () => (parts.clock.now += msPerLook);
  const handler = manageHandler({
    ...parts,
    now,
    accounts: [ACCOUNT, { ...ACCOUNT, name: 'second' }],
    endpoints: new WebhookStore(database.document, 'Control'),
    loopbackAllowed: false,
    newEndpointId: () => 'we_1',
    randomBytes: (octets: number) => Buffer.alloc(octets),
  });
  return await call(handler, ROUTE, { key: as, body });
}

async function erased(...parameters: Parameters<typeof erase>): Promise<Erasure> {
  const answer = await erase(...parameters);
  expect(answer.status).toBe(200);
  return erasureSchema.parse(answer.body);
}

describe("erasing a recipient's data", () => {
  test('takes number, text, reference and metadata out of every message, and leaves what counts are made of', async () => {
    const to = recipient();
    const ids = [await stored(to), await stored(to, {}, claimed, accepted), await stored(to, { account: 'second' })];
    const other = await stored(recipient());
    const answer = await erased({ to: `0${to.slice(3)}` });
    expect(answer).toEqual({
      done: true,
      messages_erased: 3,
      messages_canceled: 2,
      messages_under_way: 0,
      inbound_erased: 0,
      next_cursor: null,
    });
    const left = await Promise.all(ids.map(async (id) => await messages.get(id)));
    expect(left.map((message) => message?.status)).toEqual(['canceled', 'sent', 'canceled']);
    expect(left[1]).toMatchObject({ to: 'erased', lane: 'transactional', segments: [{ state: 'accepted' }] });
    expect(JSON.stringify(left)).not.toMatch(/Juan|juan|\+63/);
    expect(await messages.get(other)).toMatchObject({ text: 'Dear Juan' });
    const items = (await database.items('Messages')).filter(({ messageId }) => ids.includes(String(messageId)));
    expect(JSON.stringify(items)).not.toMatch(/Juan|juan|\+63/);
  });

  test('waits for what is under way, and is done when that is', async () => {
    const to = recipient();
    const id = await stored(to, {}, claimed);
    expect(await erased({ to })).toMatchObject({ done: false, messages_under_way: 1, messages_erased: 0 });
    expect((await messages.get(id))?.to).toBe(to);
    await messages.change(id, accepted);
    expect(await erased({ to })).toMatchObject({ done: true, messages_under_way: 0, messages_erased: 1 });
    // A receipt that comes later brings nothing back.
    const receipt = { kind: 'receipt', index: 0, mcMessageId: 'A1', state: 'delivered', at: CREATED_AT + 1 } as const;
    await messages.change(id, receipt);
    expect(await messages.get(id)).toMatchObject({ status: 'delivered', to: 'erased' });
    expect(await erased({ to })).toMatchObject({ done: true, messages_erased: 0 });
  });

  test('deletes messages from the recipient, however the operator wrote the number', async () => {
    const to = recipient();
    await inbound(to.slice(1));
    await inbound(`0${to.slice(3)}`, 'second');
    await inbound('09181234567');
    expect(await erased({ to })).toMatchObject({ done: true, inbound_erased: 2 });
    const rows = (await database.items('Receipts')).map(({ from }) => from);
    expect(rows).toContain('09181234567');
    expect(rows.filter((from) => String(from).endsWith(to.slice(3)))).toEqual([]);
  });

  test('takes the last word of the recipient away; the opt-out that came of it stays', async () => {
    const number = recipient();
    const messageId = firstInboundIdAt(CREATED_AT);
    const said = { account: 'second', number, kind: 'stop', messageId, at: CREATED_AT } as const;
    await keywords.note(said);
    await optOuts.add({ account: 'second', number, scope: 'all', source: 'stop_word' }, CREATED_AT);
    expect(await erased({ to: number })).toMatchObject({ done: true });
    // Its answer may be under way.
    expect(await keywords.takeAnswer(said)).toBe(false);
    expect(await keywords.last('second', number)).toBeUndefined();
    expect(await optOuts.get('second', number)).toMatchObject({ scope: 'all' });
  });

  test('breaks off in time and goes on where it stopped, until everything is gone', async () => {
    const to = recipient();
    for (let count = 0; count < 12; count += 1) await stored(to);
    for (let count = 0; count < 12; count += 1) await inbound(to);
    const answers: Erasure[] = [];
    let cursor: string | null = null;
    do {
      const again: Record<string, string> = cursor === null ? {} : { cursor };
      const answer: Erasure = await erased({ to, ...again }, { msPerLook: 700 });
      answers.push(answer);
      cursor = answer.next_cursor;
    } while (answers.at(-1)?.done === false && answers.length < 20);
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.at(-1)?.done).toBe(true);
    const sum = (of: (answer: Erasure) => number) => answers.reduce((total, answer) => total + of(answer), 0);
    expect(sum(({ messages_erased }) => messages_erased)).toBe(12);
    expect(sum(({ inbound_erased }) => inbound_erased)).toBe(12);
  });

  test('reaches as far as the key', async () => {
    const to = recipient();
    const id = await stored(to, { account: 'second' });
    const main = await storedKey(database, { keyId: 'mainboss', scopes: ['admin'], account: 'main' });
    expect(await erased({ to }, { as: main })).toMatchObject({ done: true, messages_erased: 0 });
    expect((await messages.get(id))?.to).toBe(to);
  });

  test('is for administrators, and of numbers', async () => {
    const reader = await storedKey(database, {
      keyId: 'reader',
      scopes: ['messages:send', 'messages:read_body', 'optouts'],
    });
    expect((await erase({ to: recipient() }, { as: reader })).body['code']).toBe('missing_scope');
    expect(await erase({ to: '12' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_number', errors: [{ pointer: '/to' }] },
    });
    expect((await erase({ to: recipient(), cursor: 'bXNn' })).body['code']).toBe('invalid_cursor');
    expect((await erase({})).status).toBe(400);
  });
});
