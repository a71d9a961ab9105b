import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCursor, signCursor } from '../../../shared/domain/cursor.ts';

const binding = fc.record({
  key: fc.string({ minLength: 1, maxLength: 20 }),
  list: fc.constantFrom('messages', 'inbound'),
  filters: fc.dictionary(fc.constantFrom('status', 'lane', 'to'), fc.string({ maxLength: 5 }), {
    noNullPrototype: true,
  }),
});
const position = fc.stringMatching(/^msg_[0-9A-HJKMNP-TV-Z]{26}$/);

test('a cursor gives its position back, whatever the order of the filters and however absent ones are written', () => {
  fc.assert(
    fc.property(position, binding, (at, bound) => {
      const reordered = Object.fromEntries(Object.entries(bound.filters).toReversed());
      expect(readCursor(signCursor(at, bound), { ...bound, filters: { ...reordered, batch: undefined } })).toBe(at);
    }),
  );
});

test('a cursor belongs to one list, one key and one set of filters', () => {
  fc.assert(
    fc.property(position, binding, binding, (at, one, other) => {
      fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
      expect(readCursor(signCursor(at, one), other)).toBeUndefined();
    }),
  );
});

test('a cursor of which any character was changed, added or taken away is none', () => {
  const change = fc.record({ at: fc.nat(), by: fc.stringMatching(/^[A-Za-z0-9_=+/-]{0,3}$/), drop: fc.nat(3) });
  fc.assert(
    fc.property(position, binding, change, (at, bound, { at: place, by, drop }) => {
      const cursor = signCursor(at, bound);
      const start = place % (cursor.length + 1);
      const changed = cursor.slice(0, start) + by + cursor.slice(start + drop);
      fc.pre(changed !== cursor);
      expect(readCursor(changed, bound)).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test('nobody reads a position in a cursor: it may be a number', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+639[0-9]{9}$/), binding, (at, bound) => {
      const cursor = Buffer.from(signCursor(at, bound), 'base64url');
      expect(cursor.includes(at.slice('+63'.length))).toBe(false);
      expect(readCursor(cursor.toString('base64url'), bound)).toBe(at);
    }),
  );
});

test('anything else is no cursor', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), binding, (written, bound) => {
      expect(readCursor(written, bound)).toBeUndefined();
    }),
  );
});

const sorted = (bound: { key: string; list: string; filters: Record<string, string> }) => [
  bound.key,
  bound.list,
  Object.entries(bound.filters).sort(([one], [other]) => (one < other ? -1 : 1)),
];
