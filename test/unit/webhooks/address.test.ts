import { describe, expect, test } from 'vitest';
import { checkWebhookUrl, isPublicAddress, mayReceiveWebhooks } from '../../../shared/webhooks/address.ts';

describe('addresses', () => {
  test.each([
    '8.8.8.8',
    '172.32.0.1',
    '172.15.255.255',
    '100.128.0.1',
    '192.169.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
  ])('%s is public', (ip) => {
    expect(isPublicAddress(ip)).toBe(true);
  });

  test.each([
    ['this host', '0.0.0.0'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback too', '127.255.255.254'],
    ['link-local', '169.254.1.1'],
    ['the metadata service', '169.254.169.254'],
    ["a task's metadata service", '169.254.170.2'],
    ['documentation', '203.0.113.5'],
    ['a benchmark network', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv6 unique local', 'fd00:ec2::254'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv4 in IPv6', '::ffff:10.0.0.1'],
    ['public IPv4 in IPv6', '::ffff:8.8.8.8'],
    ['NAT64', '64:ff9b::a00:1'],
    ['6to4', '2002:a00:1::'],
    ['Teredo', '2001:0:a00:1::1'],
    ['IPv6 documentation', '2001:db8::1'],
    ['IPv6 multicast', 'ff02::1'],
    ['no address', 'example.com'],
    ['empty', ''],
  ])('%s (%s) is not', (_name, ip) => {
    expect(isPublicAddress(ip)).toBe(false);
  });

  test('loopback is allowed where one machine is all, and nothing else private is', () => {
    const may = (ip: string) => mayReceiveWebhooks(ip, { loopbackAllowed: true });
    expect([may('127.0.0.1'), may('::1'), may('10.0.0.1'), may('169.254.169.254')]).toEqual([true, true, false, false]);
  });
});

describe('webhook addresses', () => {
  test.each([
    ['http', 'http://example.com/hook', 'must begin with https://'],
    ['another scheme', 'ftp://example.com/hook', 'must begin with https://'],
    ['no address', 'example.com/hook', 'is not an address'],
    ['a line break', 'https://example.com/ho\nok', 'must not hold spaces or control characters'],
    ['a tab and a zero', 'https://exam\tple.com/\u0000', 'must not hold spaces or control characters'],
    ['an invisible character', 'https://exam\u200bple.com/', 'must not hold spaces or control characters'],
    ['credentials', 'https://user:pass@example.com/', 'must not hold a user name or a password'],
    ['a fragment', 'https://example.com/#x', 'must not have a fragment (#)'],
    ['a private literal', 'https://10.0.0.1/', 'must be a public address'],
    ['a decimal literal', 'https://2130706433/', 'must be a public address'],
    ['a hexadecimal literal', 'https://0x7f.1/', 'must be a public address'],
    ['an IPv6 literal', 'https://[::1]/', 'must be a public address'],
    ['an IPv4 in an IPv6 literal', 'https://[::ffff:169.254.169.254]/', 'must be a public address'],
    ['localhost', 'https://localhost/', 'must be a public name'],
    ['a name of localhost', 'https://a.localhost/', 'must be a public name'],
    ['a name without a dot', 'https://intranet/', 'must be a public name'],
    ['a name of an inner network', 'https://db.internal/', 'must be a public name'],
    ['a name of an inner network, ended by a dot', 'https://db.internal./', 'must be a public name'],
  ])('with %s are refused', (_name, url, detail) => {
    expect(checkWebhookUrl(url, { loopbackAllowed: false })).toEqual({ kind: 'refused', detail });
  });

  test('with https and a public name are accepted, written as they are sent', () => {
    expect(checkWebhookUrl('HTTPS://Example.com:8443/hook?a=1', { loopbackAllowed: false })).toEqual({
      kind: 'ok',
      url: 'https://example.com:8443/hook?a=1',
    });
  });

  test('on one machine may be plain http to loopback, and to nothing else', () => {
    const kind = (url: string) => checkWebhookUrl(url, { loopbackAllowed: true }).kind;
    expect(kind('http://127.0.0.1:8080/hook')).toBe('ok');
    expect(kind('http://localhost:8080/hook')).toBe('ok');
    expect(kind('http://[::1]:8080/hook')).toBe('ok');
    expect(kind('http://example.com/hook')).toBe('refused');
    expect(kind('https://10.0.0.1/hook')).toBe('refused');
  });
});
