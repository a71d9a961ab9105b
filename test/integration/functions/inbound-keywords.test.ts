import { beforeAll, describe, expect, test } from 'vitest';
import { messageSchema, presentMessage } from '../../../shared/contracts/message.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { inboundWorld } from './inbound-world.ts';

const NUMBER = '+639171234567';
const ANSWERS = {
  stop: { answer: 'Hindi ka na makatatanggap ng mensahe. Reply START to undo.' },
  start: { answer: 'Welcome back.' },
};

let database: TestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

describe('a subscriber who says', () => {
  test('STOP is opted out, by that word, and START undoes it', async () => {
    const { said, follow, optOuts, account } = inboundWorld(database);
    const { at } = await said(' Stop! ');
    await follow();
    expect(await optOuts.get(account, NUMBER)).toEqual({
      account,
      number: NUMBER,
      scope: 'all',
      source: 'stop_word',
      createdAt: at,
      updatedAt: at,
    });
    await said('SIMULAN');
    await follow();
    expect(await optOuts.get(account, NUMBER)).toBeUndefined();
  });

  test('a sentence with such a word in it is not, nor is he whose message is incomplete', async () => {
    const { said, follow, optOuts, account } = inboundWorld(database);
    await said('please stop by tomorrow');
    await said('STOP', { total: 2 });
    await said('STOP', { from: 'BANK' });
    await follow();
    expect((await optOuts.list(account, { limit: 10, after: undefined })).optOuts).toEqual([]);
  });

  test('STOP in his own words is opted out as the account has it', async () => {
    const { said, follow, optOuts, account } = inboundWorld(database, {
      stop: { words: ['alis'] },
      scope: 'promotional',
    });
    await said('ALIS');
    await follow();
    expect(await optOuts.get(account, NUMBER)).toMatchObject({ scope: 'promotional' });
  });

  test('one thing after the other is taken by his last word, in whatever order and however often they come here', async () => {
    const { said, apply, rows, optOuts, account } = inboundWorld(database);
    await said('STOP');
    await said('START');
    await said('STOP');
    const records = (await rows()).toSorted((one, other) => Number(one['at']) - Number(other['at']));
    await apply(records.toReversed());
    expect(await optOuts.get(account, NUMBER)).toBeDefined();
    await Promise.all([apply(records.slice(0, 2)), apply(records)]);
    await apply(records.slice(1, 2));
    await apply(records.slice(0, 1));
    expect(await optOuts.get(account, NUMBER)).toMatchObject({ updatedAt: records[2]?.['at'] });
  });

  test('STOP, and was opted in by the API, stays so when his word comes again', async () => {
    const { said, apply, rows, optOuts, account } = inboundWorld(database);
    await said('STOP');
    const records = await rows();
    await apply(records);
    await optOuts.remove(account, NUMBER);
    await apply(records);
    expect(await optOuts.get(account, NUMBER)).toBeUndefined();
    await said('STOP');
    await apply(await rows());
    expect(await optOuts.get(account, NUMBER)).toBeDefined();
  });

  test('START before somebody opted him out by the API is not opted in by it', async () => {
    const { said, follow, optOuts, account, clock } = inboundWorld(database);
    await said('START');
    await optOuts.add({ account, number: NUMBER, scope: 'all', source: 'api' }, clock.now + 1);
    await follow();
    expect(await optOuts.get(account, NUMBER)).toBeDefined();
  });

  test('STOP and START before he was opted out by the API, and is heard after it, stays opted out', async () => {
    const { said, apply, rows, optOuts, account, clock } = inboundWorld(database);
    await said('STOP');
    await said('START');
    const [stop = {}, start = {}] = (await rows()).toSorted((one, other) => Number(one['at']) - Number(other['at']));
    const added = await optOuts.add({ account, number: NUMBER, scope: 'promotional', source: 'api' }, clock.now + 1);
    await apply([stop]);
    const standing = { ...added.optOut, scope: 'all' } as const;
    expect(await optOuts.get(account, NUMBER)).toEqual(standing);
    const once = { account, number: NUMBER, scope: 'all', source: 'stop_word' } as const;
    expect(await optOuts.add(once, Number(stop['at']))).toEqual({ optOut: standing, isNew: false });
    await apply([start]);
    expect(await optOuts.get(account, NUMBER)).toBeDefined();
  });
});

describe('an answer', () => {
  test('goes out once, on the transactional lane, from the number that was written to', async () => {
    const { said, follow, apply, rows, messages, queued, account } = inboundWorld(database, ANSWERS);
    await said('STOP');
    await follow();
    await apply(await rows());
    const [id = ''] = queued;
    expect(new Set(queued).size).toBe(1);
    const message = await messages.get(id);
    expect(message).toMatchObject({
      account,
      lane: 'transactional',
      status: 'queued',
      to: NUMBER,
      from: '21581234',
      text: ANSWERS.stop.answer,
      confirmsKeyword: true,
    });
    if (message !== undefined) messageSchema.parse(presentMessage(message, { withText: true, withNumber: true }));
  });

  test('of a kind goes to a subscriber once a day at the most', async () => {
    const { said, follow, queued, clock } = inboundWorld(database, ANSWERS);
    for (const text of ['STOP', 'START', 'STOP', 'START', 'STOP']) await said(text);
    await follow();
    expect(new Set(queued).size).toBe(2);
    clock.now += 86_400_000;
    await said('START');
    await follow();
    expect(new Set(queued).size).toBe(3);
  });

  test('goes to no older word that comes late', async () => {
    const { said, apply, rows, queued } = inboundWorld(database, ANSWERS);
    await said('STOP');
    await said('START');
    const [stop, start] = (await rows()).toSorted((one, other) => Number(one['at']) - Number(other['at']));
    await apply([start ?? {}]);
    await apply([stop ?? {}]);
    expect(queued).toHaveLength(1);
  });

  test('goes to nobody who writes to himself, and not without a text', async () => {
    const own = inboundWorld(database, { ...ANSWERS, answersFrom: '09171234567' });
    await own.said('STOP');
    await own.follow();
    const silent = inboundWorld(database, { stop: {} });
    await silent.said('STOP');
    await silent.follow();
    expect([...own.queued, ...silent.queued]).toEqual([]);
    expect(await own.optOuts.get(own.account, NUMBER)).toBeDefined();
  });

  test('and what is logged has neither number nor text', async () => {
    const { said, follow, log } = inboundWorld(database, ANSWERS);
    await said('STOP');
    await follow();
    expect(log.lines).toContainEqual(expect.objectContaining({ kind: 'stop' }));
    expect(JSON.stringify(log.lines)).not.toMatch(/9171234567|STOP/);
  });
});
