import { beforeAll, describe, expect, test } from 'vitest';
import { batchPageSchema } from '../../../shared/contracts/batch.ts';
import { itemMessageId } from '../../../shared/domain/batch.ts';
import { accountLoad } from '../../fixtures/account-load.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { storedKey } from './api.ts';
import { type BatchWorld, batchWorld, DEFAULTS, items } from './batch-world.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let world: BatchWorld;
beforeAll(async () => {
  database = await startDatabase();
  world = await batchWorld(database);
});

const NONE = { queued: 0, sent: 0, delivered: 0, undelivered: 0, failed: 0, expired: 0, canceled: 0, unknown: 0 };

describe('a batch that is accepted', () => {
  test('has a message for each item, that waits in the table and in no queue', async () => {
    const created = await world.created({
      client_ref: 'november',
      defaults: {
        from: 'BINDERY',
        text: 'Hi {{name}}, {{shop}} is open.',
        variables: { shop: 'Kape', name: 'friend' },
      },
      items: items(3, (index) => (index === 1 ? {} : { variables: { name: `N${index}` }, client_ref: `c${index}` })),
    });
    expect(created).toMatchObject({
      status: 'running',
      lane: 'bulk',
      account: world.account.name,
      client_ref: 'november',
      total: 3,
      accepted: 3,
      refused: 0,
      segments: 3,
      counters: { ...NONE, waiting: 3 },
    });
    expect(created.items).toEqual(
      ['c0', null, 'c2'].map((ref, index) => ({
        index,
        status: 'accepted',
        id: itemMessageId(created.id, index),
        client_ref: ref,
        segments: 1,
        encoding: 'gsm7',
      })),
    );
    const messages = await Promise.all(
      [0, 1, 2].map(async (index) => await world.parts.messages.get(itemMessageId(created.id, index))),
    );
    expect(messages.map((message) => message?.text)).toEqual([
      'Hi N0, Kape is open.',
      'Hi friend, Kape is open.',
      'Hi N2, Kape is open.',
    ]);
    for (const message of messages) {
      expect(message).toMatchObject({ status: 'scheduled', batchId: created.id, sequence: 0, lane: 'bulk' });
      expect(message?.dueAt).toBe(message?.expiresAt);
      expect(message).not.toHaveProperty('queuedAt');
    }
    expect(world.lane).toEqual([]);
    const { items: _items, estimated_seconds: unknown, ...batch } = created;
    expect(await world.get(created.id)).toEqual(batch);
    // Nobody has measured anything here.
    expect(unknown).toBeNull();
  });

  test('has no message for an item whose life is over before its own speed limit lets it go', async () => {
    const speed_limit = { segments: 1, per: 'minute' as const };
    const slow = { defaults: DEFAULTS, speed_limit, items: items(4, (index) => ({ client_ref: `c${index}` })) };
    // They go after 0, 60, 120 and 180 seconds.
    const short = await world.created({ ...slow, ttl_seconds: 120 });
    expect(short).toMatchObject({ accepted: 2, refused: 2, segments: 2 });
    expect(short.items.slice(2)).toMatchObject([
      {
        index: 2,
        status: 'refused',
        client_ref: 'c2',
        code: 'would_expire_in_queue',
        errors: [{ pointer: '/items/2' }],
      },
      {
        index: 3,
        status: 'refused',
        client_ref: 'c3',
        code: 'would_expire_in_queue',
        errors: [{ pointer: '/items/3' }],
      },
    ]);
    expect(await world.created({ ...slow, ttl_seconds: 181 })).toMatchObject({ accepted: 4 });
    expect(await world.created(slow)).toMatchObject({ accepted: 4 });
  });

  test('is found in the list of messages by its id, newest first', async () => {
    const { id } = await world.created({ defaults: DEFAULTS, items: items(5) });
    const page = await world.query('GET /v1/messages', { query: { batch: id, limit: '200' } });
    const listed = page.body['data'] as { id: string; batch_id: string; status: string }[];
    expect(listed.map((message) => message.id)).toEqual([4, 3, 2, 1, 0].map((index) => itemMessageId(id, index)));
    expect(listed[0]).toMatchObject({ batch_id: id, status: 'scheduled' });
  });

  test('of the largest size takes a body of megabytes', async () => {
    const text = 'x'.repeat(400);
    const created = await world.created({ defaults: { from: 'BINDERY' }, items: items(1_000, () => ({ text })) });
    expect(created).toMatchObject({ accepted: 1_000, segments: 3_000, counters: { ...NONE, waiting: 1_000 } });
    expect(new Set(created.items.map((item) => 'id' in item && item.id)).size).toBe(1_000);
  }, 30_000);
});

describe('how long a batch will take', () => {
  const loads = { load: async () => await Promise.resolve(accountLoad({ bulk: 100 })), added: () => undefined };
  const asked = async (more: Record<string, unknown>) =>
    (await world.post({ defaults: DEFAULTS, items: items(200), ...more }, { loads })).body['estimated_seconds'];

  test('is told by what waits before it, its own segments and the rate', async () => {
    expect(await asked({})).toBe(30);
    expect(await asked({ defaults: { ...DEFAULTS, text: 'x'.repeat(200) } })).toBe(50);
  });

  test('is told by its speed limit where that is slower, and counts from its start', async () => {
    expect(await asked({ speed_limit: { segments: 60, per: 'minute' } })).toBe(200);
    expect(await asked({ send_at: new Date(CREATED_AT + 600_000).toISOString() })).toBe(630);
  });

  test('is nothing where nothing was accepted', async () => {
    expect(await asked({ defaults: { ...DEFAULTS, from: 'x' } })).toBeNull();
  });
});

describe('each item by itself', () => {
  test('is refused with what a single message would be refused with, and holds up no other', async () => {
    const created = await world.created({
      defaults: { text: 'Hi {{name}}', from: 'BINDERY' },
      items: [
        { to: '09171234567', variables: { name: 'Ana' } },
        { to: '09171234567' },
        { to: '09171234567', variables: { name: 'Ana', nmae: 'Ben' } },
        { to: '0284567890', from: 'x', variables: { name: 'Ana' } },
        { to: 9171234567, variables: { name: 5 }, lane: 'otp' },
        'no object',
        { to: '09171234567', text: 'Hi {{first name}}' },
        { to: '09171234567', text: 'x'.repeat(2_000) },
        { to: '09171234567', text: 'é€漢', encoding: 'gsm7', client_ref: 'eighth' },
        { to: '09171234567', text: 'its own {{a}}', variables: { a: 'text' } },
      ],
    });
    expect(created).toMatchObject({ total: 10, accepted: 2, refused: 8, counters: { ...NONE, waiting: 2 } });
    const found = created.items.map((item) =>
      item.status === 'refused'
        ? [item.code, ...item.errors.map(({ pointer, code }) => `${pointer} ${code}`)]
        : item.status,
    );
    expect(found).toEqual([
      'accepted',
      ['missing_variable', '/items/1/variables/name missing_variable'],
      ['unknown_variable', '/items/2/variables/nmae unknown_variable'],
      ['landline_number', '/items/3/to landline_number', '/items/3/from invalid_sender_id'],
      [
        'invalid_request',
        '/items/4/to wrong_type',
        '/items/4/variables/name wrong_type',
        '/items/4/lane unknown_field',
      ],
      ['invalid_request', '/items/5 wrong_type'],
      ['invalid_placeholder', '/items/6/text invalid_placeholder'],
      ['too_many_segments', '/items/7/text too_many_segments'],
      ['text_not_encodable', '/items/8/text text_not_encodable'],
      'accepted',
    ]);
    expect(created.items[8]).toMatchObject({ client_ref: 'eighth' });
  });

  test('without a text or a sender anywhere is refused by the field that it lacks', async () => {
    const created = await world.created({ items: [{ to: '09171234567' }, { to: '09171234567', text: 'x' }] });
    expect(created).toMatchObject({ status: 'done', accepted: 0, refused: 2 });
    expect(created.items[0]).toMatchObject({
      code: 'invalid_request',
      errors: [
        { pointer: '/items/0/from', code: 'required' },
        { pointer: '/items/0/text', code: 'required' },
      ],
    });
    expect(world.steps.filter(({ task }) => task.batchId === created.id)).toEqual([]);
  });

  test('to somebody who has opted out is refused, and the others go', async () => {
    const account = world.account.name;
    const [first] = items(1);
    const optOuts = { among: () => Promise.resolve(new Map([[first?.to ?? '', { scope: 'all' }]])) };
    const answer = await world.post({ defaults: DEFAULTS, items: items(2) }, { optOuts: optOuts as never });
    expect(answer.body).toMatchObject({
      accepted: 1,
      account,
      items: [{ code: 'recipient_opted_out', errors: [{ pointer: '/items/0/to' }] }, { status: 'accepted' }],
    });
  });
});

describe('a quota', () => {
  test('lets the first items through that fit into it, and counts them by one write', async () => {
    const limited = await batchWorld(database, { segmentsPerDay: 10 });
    const text = 'x'.repeat(300);
    const created = await limited.created({ defaults: { ...DEFAULTS, text }, items: items(8) });
    expect(created).toMatchObject({ accepted: 5, refused: 3, segments: 10 });
    expect(created.items[5]).toMatchObject({
      code: 'quota_exceeded',
      errors: [{ pointer: '/items/5', code: 'quota_exceeded' }],
    });
    const next = await limited.created({ defaults: DEFAULTS, items: items(1) });
    expect(next).toMatchObject({ status: 'done', accepted: 0 });
    const message = await limited.parts.messages.get(itemMessageId(created.id, 0));
    expect(message?.countedIn).toEqual({ month: '2026-11', day: '22' });
  });

  test('of several batches at once is kept to the segment', async () => {
    const limited = await batchWorld(database, { segmentsPerDay: 100 });
    const all = await Promise.all(
      Array.from({ length: 5 }, async () => await limited.created({ defaults: DEFAULTS, items: items(40) })),
    );
    const accepted = all.reduce((sum, batch) => sum + batch.accepted, 0);
    expect(accepted).toBeLessThanOrEqual(100);
    expect(accepted).toBeGreaterThanOrEqual(80);
  });
});

describe('a batch that is refused as a whole', () => {
  test.each([
    [{ items: [] }, 400, '/items too_few'],
    [{ items: items(1_001) }, 400, '/items too_many'],
    [{ items: {} }, 400, '/items wrong_type'],
    [{}, 400, '/items required'],
    [{ items: items(1), lane: 'fast' }, 400, '/lane invalid_value'],
    [{ items: items(1), speed_limit: { segments: 2_000, per: 'second' } }, 400, '/speed_limit/segments out_of_range'],
    [{ items: items(1), speed_limit: { segments: 1, per: 'hour' } }, 400, '/speed_limit/per invalid_value'],
    [{ items: items(1), defaults: { to: '09171234567' } }, 400, '/defaults/to unknown_field'],
    [{ items: items(1), defaults: { variables: { 'a b': 'x' } } }, 400, '/defaults/variables/a b invalid_name'],
    [{ items: items(1), send_at: '2026-11-01T00:00:00Z' }, 422, '/send_at invalid_send_at'],
  ])('%# is told why', async (body, status, error) => {
    const answer = await world.post(body);
    expect(answer.status).toBe(status);
    const errors = answer.body['errors'] as { pointer: string; code: string }[];
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([error]);
  });

  test('is too large beyond two megabytes, and other routes keep their limit', async () => {
    const body = JSON.stringify({ items: items(1), defaults: { text: 'x'.repeat(2_097_152) } });
    expect((await world.send('POST /v1/batches', { body })).status).toBe(413);
    const text = 'x'.repeat(70_000);
    expect((await world.send('POST /v1/messages', { body: { text } })).status).toBe(413);
  });

  test('needs the right to send in its lane', async () => {
    const reader = await storedKey(database, { keyId: 'batchreader', scopes: ['messages:read'] });
    const answer = await world.send('POST /v1/batches', { key: reader, body: { items: items(1) } });
    expect(answer.body).toMatchObject({ status: 403, code: 'missing_scope' });
    const otp = await world.post({ lane: 'otp', items: items(1) });
    expect(otp.body).toMatchObject({ status: 403, code: 'missing_scope' });
  });
});

describe('an Idempotency-Key', () => {
  const body = { defaults: DEFAULTS, items: items(30) };
  const headers = (key: string) => ({ headers: { 'idempotency-key': key } });
  /** Those of its items, and of a few more that it has not. */
  const itemsOf = async (id: string) => [
    ...(
      await world.parts.messagesById.get(Array.from({ length: 35 }, (_, index) => itemMessageId(id, index)))
    ).values(),
  ];

  test('gives the same batch again', async () => {
    const [one, other] = [
      await world.send('POST /v1/batches', { body, ...headers('b1') }),
      await world.send('POST /v1/batches', { body, ...headers('b1') }),
    ];
    expect(other).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' } });
    expect(other.body).toEqual(one.body);
    expect(await itemsOf(String(one.body['id']))).toHaveLength(30);
  });

  test.each([0, 1, 17, 29])('of a run that died after %i messages goes on where it broke off', async (survivors) => {
    const limited = await batchWorld(database, { segmentsPerDay: 40 });
    const { newMessages } = limited.parts;
    let stored = 0;
    const dying = {
      put: async (messages: Parameters<typeof newMessages.put>[0]) => {
        await newMessages.put(messages.slice(0, survivors - stored));
        stored += messages.length;
        if (stored > survivors) throw new Error('the process died');
      },
    };
    const first = await limited.send('POST /v1/batches', { body, ...headers('b2') }, { newMessages: dying });
    expect(first.status).toBe(500);
    const list = await limited.query('GET /v1/batches');
    expect(list.body).toMatchObject({ data: [] });
    const second = await limited.send('POST /v1/batches', { body, ...headers('b2') });
    expect(second.body).toMatchObject({ status: 'running', accepted: 30, counters: { ...NONE, waiting: 30 } });
    expect(await itemsOf(String(second.body['id']))).toHaveLength(30);
    // Counted once: ten of the forty are left.
    expect(await limited.created({ defaults: DEFAULTS, items: items(30) })).toMatchObject({ accepted: 10 });
  });
});

describe('the list of batches', () => {
  test('is newest first, in pages, without those of others', async () => {
    const own = await batchWorld(database);
    const ids: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      own.clock.now += 1_000;
      ids.push((await own.created({ defaults: DEFAULTS, items: items(1) })).id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor === null ? {} : { cursor }) };
      const page = batchPageSchema.parse((await own.query('GET /v1/batches', { query })).body);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
      expect(page.has_more).toBe(cursor !== null);
    } while (cursor !== null);
    expect(seen).toEqual(ids.toReversed());
    const wrong = await own.query('GET /v1/batches', { query: { cursor: 'x'.repeat(40) } });
    expect(wrong.body).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  test.each(['bat_01M82AE4Q5EVH56SJP2SR34MJK', 'msg_01M82AE4Q5EVH56SJP2SR34MJK', 'x'])('knows no %s', async (id) => {
    expect((await world.query('GET /v1/batches/{id}', { parameters: { id } })).body).toMatchObject({
      code: 'not_found',
    });
    expect((await world.turn(id, 'pause')).body).toMatchObject({ code: 'not_found' });
  });

  test('a batch of another account is not there', async () => {
    const { id } = await world.created({ defaults: DEFAULTS, items: items(1) });
    const other = await batchWorld(database);
    const asked = await other.query('GET /v1/batches/{id}', { parameters: { id } });
    expect(asked.body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await world.turn(id, 'cancel', other.key)).body).toMatchObject({ status: 404, code: 'not_found' });
  });
});

test('a batch for later is fed at its second, and its messages say when', async () => {
  const later = await batchWorld(database);
  const at = CREATED_AT + 5 * 60_000;
  const created = await later.created({
    defaults: DEFAULTS,
    items: items(2),
    send_at: new Date(at).toISOString(),
    ttl_seconds: 60,
  });
  expect(created).toMatchObject({ status: 'running', starts_at: new Date(at).toISOString() });
  expect(await later.parts.messages.get(itemMessageId(created.id, 0))).toMatchObject({
    sendAt: at,
    expiresAt: at + 60_000,
  });
  await later.run(at - 1);
  expect(later.lane).toEqual([]);
  await later.run(at);
  expect(later.lane).toHaveLength(2);
});
