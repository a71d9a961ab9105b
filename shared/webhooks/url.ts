import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(ip: string): boolean {
  const version = isIP(ip);
  return version !== 0 && loopback.check(ip, version === 4 ? 'ipv4' : 'ipv6');
}

export type ReadWebhookUrl =
  | { kind: 'ok'; url: URL /** Loopback, where that is allowed. */; isLocal: boolean }
  | { kind: 'refused'; detail: string };

/**
 * What is asked of every address that webhooks go to, whoever names it: https, and no credentials in it. Which hosts may be
 * meant is another question.
 */
export function readWebhookUrl(written: string, rules: { loopbackAllowed: boolean }): ReadWebhookUrl {
  // A parser of addresses drops or encodes them without a word, and what is called later is not what was read.
  if (/[\s\p{C}]/u.test(written)) return refused('must not hold spaces or control characters');
  const url = URL.parse(written);
  if (url === null) return refused('is not an address');
  const host = hostOf(url);
  const isLocal = rules.loopbackAllowed && (host === 'localhost' || isLoopback(host));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) return refused('must begin with https://');
  if (url.username !== '' || url.password !== '') return refused('must not hold a user name or a password');
  if (url.hash !== '') return refused('must not have a fragment (#)');
  return { kind: 'ok', url, isLocal };
}

/** The host of an address, an IPv6 one without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function refused(detail: string): ReadWebhookUrl {
  return { kind: 'refused', detail };
}
