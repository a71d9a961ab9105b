import { describe, expect, test } from 'vitest';
import {
  accountToHandOver,
  leaveToOthersMs,
  SHARE_TIMES,
  type ShareView,
  type Stability,
} from '../../../binder/lease/share.ts';

const { othersFirstMs, orphanMs, membersMs, ownersMs } = SHARE_TIMES;

/** `a a b -`: the owner of each account, `-` for none. `me` is the first of the live ones. */
function view(owners: string, live: string): ShareView {
  const names = live.split(' ');
  return {
    me: names[0] ?? '',
    live: new Set(names),
    owners: new Map(owners.split(' ').map((owner, i) => [`account-${i}`, owner === '-' ? undefined : owner])),
  };
}

describe('how long a free account is left to others', () => {
  test.each([
    ['a process alone takes everything at once', '- - -', 'a', 0],
    ['whoever has the fewest takes it at once', 'a b b -', 'a b', 0],
    ['as few as another is few enough', 'a b -', 'a b', 0],
    ['whoever has more than another lets that one come first', 'a a b - - - -', 'a b', othersFirstMs],
    ['whoever has its share takes only what nobody else takes', 'a a b -', 'a b', orphanMs],
    ['an owner of the only account does not want it more than a standby', '-', 'a b', 0],
    ['more processes than accounts: one each', 'a -', 'a b c', orphanMs],
    ['accounts of a process that is stopping count for nobody', 'z z z -', 'a', 0],
  ])('%s', (_what, owners, live, expected) => {
    expect(leaveToOthersMs(view(owners, live), SHARE_TIMES)).toBe(expected);
  });
});

describe('which account is handed over', () => {
  const settled: Stability = { membersForMs: membersMs, ownersForMs: ownersMs, handedOver: new Set() };
  const handedOver = (owners: string, live: string, stability: Partial<Stability> = {}) =>
    accountToHandOver(view(owners, live), { ...settled, ...stability }, SHARE_TIMES);

  test('the last of one that has two more than another', () => {
    expect(handedOver('a a a b', 'a b')).toBe('account-2');
  });

  test('none of one that has one more: it would only change sides', () => {
    expect(handedOver('a a b', 'a b')).toBeUndefined();
    expect(handedOver('a', 'a b')).toBeUndefined();
    expect(handedOver('a a a b b c c', 'a b c')).toBeUndefined();
  });

  test('a process that has nothing is given something though nobody is above the even share rounded up', () => {
    expect(handedOver('a a b b c c', 'a b c d')).toBe('account-1');
  });

  test('by the one that has the most only, and the first by name of several', () => {
    expect(handedOver('a a a b b b b c', 'a b c')).toBeUndefined();
    expect(handedOver('a a a b b b c', 'a b c')).toBe('account-2');
    expect(handedOver('b b b a a a c', 'b a c')).toBeUndefined();
  });

  test('not before the processes have been the same for long enough', () => {
    expect(handedOver('a a a', 'a b', { membersForMs: membersMs - 1 })).toBeUndefined();
  });

  test('not before the last change of an owner is long enough ago', () => {
    expect(handedOver('a a a', 'a b', { ownersForMs: ownersMs - 1 })).toBeUndefined();
  });

  test('not while an account is without owner, or with one that is stopping or dead', () => {
    expect(handedOver('a a a -', 'a b')).toBeUndefined();
    expect(handedOver('a a a z', 'a b')).toBeUndefined();
  });

  test('not one that came back, because nobody else took it', () => {
    expect(handedOver('a a a', 'a b', { handedOver: new Set(['account-2']) })).toBe('account-1');
    const all = new Set(['account-0', 'account-1', 'account-2']);
    expect(handedOver('a a a', 'a b', { handedOver: all })).toBeUndefined();
  });
});
