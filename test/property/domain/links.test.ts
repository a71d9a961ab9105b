import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLinks, refusedLinks } from '../../../shared/domain/links.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((label) => !label.startsWith('xn--'));
const host = fc
  .tuple(
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('com', 'ph', 'ly', 'co', 'xyz', 'com.ph', 'shop'),
  )
  .map(([labels, domain]) => `${labels.join('.')}.${domain}`);
const path = fc.constantFrom('', '/', '/a', '/a/b?c=d', ':8080/x', '?q=1');
const around = fc.constantFrom('', 'Hello ', 'Salamat po! ', '(', '“', '\n', '中文 ');

/** The same letters, as somebody writes them who wants to get past a filter. */
const tricks: ((host: string) => string)[] = [
  (host) => host,
  (host) => host.toUpperCase(),
  (host) => host.replace(/[a-z0-9.]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)),
  (host) => host.replace(/[a-z]/g, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) - 0x61 + 0x1d41a)),
  (host) => Array.from(host).join('\u200b'),
  (host) => host.replaceAll('.', '[.]'),
  (host) => host.replaceAll('.', ' (dot) '),
];

test('a link is found wherever it stands and however it is written', () => {
  fc.assert(
    fc.property(
      host,
      path,
      around,
      fc.constantFrom('', 'http://', 'https://', 'HTTPS://'),
      fc.constantFrom(...tricks),
      (host, path, before, scheme, trick) => {
        const text = `${before}${scheme}${trick(host)}${path} now`;
        expect(findLinks(text)).toEqual([{ host }]);
        expect(refusedLinks(text, { policy: 'allow_hosts', hosts: [host] })).toBe(0);
        expect(refusedLinks(text, { policy: 'allow_hosts', hosts: [`x${host}`, 'example.org'] })).toBe(1);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('words, numbers and sentences are no links', () => {
  const word = fc.stringMatching(/^[A-Za-zñÑ]{2,8}$/);
  const amount = fc.tuple(fc.nat(99_999), fc.nat(99)).map(([pesos, cents]) => `₱${pesos}.${cents}`);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(word, amount), { maxLength: 20 }),
      fc.constantFrom(' ', ', ', '. ', '! '),
      (words, between) => {
        expect(findLinks(`${words.join(between)}.`)).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

test('any text at all has an answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(refusedLinks(text, { policy: 'allow' })).toBe(0);
      expect(findLinks(text).length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 1_000 },
  );
});
