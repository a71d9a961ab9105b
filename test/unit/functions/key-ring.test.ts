import { expect, test } from 'vitest';
import { KeyRing } from '../../../functions/middleware/key-ring.ts';
import { type ApiKey, formatKey, hashSecret } from '../../../shared/domain/api-key.ts';
import { quietLog } from '../../fixtures/log.ts';

const SECRET = 'the-secret-of-a-key-that-exists';

function setUp() {
  const clock = { now: 1_000_000 };
  const known: ApiKey = {
    keyId: 'known',
    name: 'known',
    secretHash: hashSecret(SECRET),
    scopes: ['admin'],
    test: false,
    createdAt: 0,
    lastUsedAt: clock.now,
  };
  const keys = new Map([[known.keyId, known]]);
  const reads: string[] = [];
  const store = {
    get: async (keyId: string) => {
      reads.push(keyId);
      return keys.get(keyId);
    },
    markUsed: async () => {},
  };
  const ring = new KeyRing(store, { now: () => clock.now, log: quietLog() });
  const find = async (keyId: string, secret = SECRET) =>
    (await ring.find(formatKey({ keyId, secret, test: false }))).kind;
  return { keys, known, clock, reads, find };
}

test('an id that nobody has costs one read in half a minute, whatever secret comes with it', async () => {
  const { find, reads, clock } = setUp();
  for (let n = 0; n < 100; n += 1) expect(await find('nobody', `a-secret-that-is-guessed-${n}`)).toBe('refused');
  expect(reads).toEqual(['nobody']);
  clock.now += 30_000;
  await find('nobody');
  expect(reads).toHaveLength(2);
});

test('guessing the secret of a key costs a read a second', async () => {
  const { find, reads, clock } = setUp();
  expect(await find('known')).toBe('found');
  for (let n = 0; n < 50; n += 1) {
    expect(await find('known', `a-secret-that-is-guessed-${n}`)).toBe('refused');
    clock.now += 100;
  }
  expect(reads.length).toBeLessThanOrEqual(6);
});

test('a new secret works at once, also where the key was in use a moment ago', async () => {
  const { find, keys, known } = setUp();
  expect(await find('known')).toBe('found');
  keys.set('known', { ...known, secretHash: hashSecret('the-secret-that-replaces-it') });
  expect(await find('known', 'the-secret-that-replaces-it')).toBe('found');
  expect(await find('known')).toBe('refused');
});

test('a flood of ids does not push out the keys that are in use', async () => {
  const { find, reads } = setUp();
  await find('known');
  for (let n = 0; n < 5_000; n += 1) await find(`nobody${n}`);
  expect(await find('known')).toBe('found');
  expect(reads.filter((keyId) => keyId === 'known')).toHaveLength(1);
});

test('the admin key is found as soon as it is installed: its id is known before', async () => {
  const { find, keys, known } = setUp();
  expect(await find('admin')).toBe('refused');
  keys.set('admin', { ...known, keyId: 'admin' });
  expect(await find('admin')).toBe('found');
});
