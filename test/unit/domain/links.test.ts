import { describe, expect, test } from 'vitest';
import { findLinks, refusedLinks } from '../../../shared/domain/links.ts';
import { acceptedMessages } from '../../fixtures/messages.ts';

const hosts = (text: string) => findLinks(text).map(({ host }) => host);

describe('a link', () => {
  test.each<[string, string[]]>([
    ['Open https://shop.example.com/a?b=c#d now', ['shop.example.com']],
    ['Open HTTP://SHOP.EXAMPLE.COM', ['shop.example.com']],
    ['bit.ly/3xYz', ['bit.ly']],
    ['see example.com.', ['example.com']],
    ['(example.com)', ['example.com']],
    ['example.com,shop.ph', ['example.com', 'shop.ph']],
    ['www.anything', ['www.anything']],
    ['mysite.unheardof/login', ['mysite.unheardof']],
    ['192.168.1.1/admin or 10.0.0.1:8080', ['192.168.1.1', '10.0.0.1']],
    ['ｅｘａｍｐｌｅ．ｃｏｍ', ['example.com']],
    ['𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦', ['example.com']],
    ['ex\u200bam\u00adple\u2060.c\u200dom', ['example.com']],
    ['example[.]com example (dot) com example{ . }com', ['example.com', 'example.com', 'example.com']],
    ['example。com', ['example.com']],
    ['gсash.com', ['xn--gash-l6d.com']],
    ['ñandú.ph', ['xn--and-6ma2c.ph']],
  ])('in %j is found', (text, expected) => {
    expect(hosts(text)).toEqual(expected);
  });

  test.each([
    'http://good.com@evil.com/',
    'http://good.com\\@evil.com',
    'ftp://good.com/file',
    'javascript://good.com/%0aalert(1)',
    'me@good.com/path',
  ])('%j has no host that every reader reads alike, so no list of hosts allows it', (text) => {
    expect(refusedLinks(text, { policy: 'allow_hosts', hosts: ['good.com'] })).toBe(1);
  });
});

describe('no link', () => {
  test.each([
    'Pay P1,000.00 by 8.30am. Thank you.',
    'Bayad na.Sa Lunes po ang delivery.Salamat!',
    'v1.2.3 of 10.5kg, no.1',
    'Your code is 123456.It expires soon...',
    'Write to help@example.com or 192.168.1.1',
    'and/or he/she 24/7 1/2',
    '你好。谢谢',
    '',
  ])('%j', (text) => {
    expect(findLinks(text)).toEqual([]);
  });
});

test('in what customers send there are their links and nothing else', () => {
  const found = new Set(acceptedMessages.flatMap(({ text }) => hosts(text)));
  expect(found.size).toBeGreaterThan(10);
  expect([...found].filter((host) => host?.endsWith('.example') !== true)).toEqual(['sari.ph']);
});

describe('the policy of an account', () => {
  const rule = { policy: 'allow_hosts' as const, hosts: ['example.com', 'shop.ph'] };

  test.each([
    ['https://example.com/x', 0],
    ['m.example.com and shop.ph', 0],
    ['https://example.com.evil.net', 1],
    ['notexample.com', 1],
    ['https://example.com:8443/', 0],
    ['https://example.com./', 0],
    ['EXAMPLE.COM, evil.com, bit.ly/x', 2],
  ])('allows %j but for %i links', (text, count) => {
    expect(refusedLinks(text, rule)).toBe(count);
  });

  test('allows all, or none', () => {
    expect(refusedLinks('evil.com', { policy: 'allow' })).toBe(0);
    expect(refusedLinks('https://example.com and evil.com', { policy: 'refuse' })).toBe(2);
  });

  test('is told fast of a hostile text as well', () => {
    for (const hostile of [
      'a.'.repeat(20_000),
      'a-'.repeat(20_000),
      '(.'.repeat(20_000),
      ' '.repeat(39_000),
      'http:/'.repeat(6_000),
    ]) {
      const started = performance.now();
      findLinks(hostile);
      expect(performance.now() - started, hostile.slice(0, 4)).toBeLessThan(200);
    }
  });
});
