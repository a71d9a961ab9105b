import { BlockList, isIP } from 'node:net';
import { hostOf, isLoopback, readWebhookUrl } from './url.ts';

/** IPv4 that no customer's endpoint has: RFC 6890 and what clouds put there (169.254.169.254 is the metadata service). */
const NOT_PUBLIC_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Global unicast is 2000::/3; of that, what is documentation, a tunnel, or carries an IPv4 address that may be anything. */
const NOT_PUBLIC_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const notPublic = new BlockList();
for (const [network, prefix] of NOT_PUBLIC_IPV4) notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of NOT_PUBLIC_IPV6) notPublic.addSubnet(network, prefix, 'ipv6');

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** @param ip as a resolver gives it; what is no address at all is not public */
export function isPublicAddress(ip: string): boolean {
  const version = isIP(ip);
  if (version === 4) return !notPublic.check(ip, 'ipv4');
  return version === 6 && globalUnicast.check(ip, 'ipv6') && !notPublic.check(ip, 'ipv6');
}

/** Whether a webhook may be sent to this address; loopback only where one machine is the whole deployment. */
export function mayReceiveWebhooks(ip: string, rules: { loopbackAllowed: boolean }): boolean {
  return isPublicAddress(ip) || (rules.loopbackAllowed && isLoopback(ip));
}

export type CheckedWebhookUrl = { kind: 'ok'; url: string } | { kind: 'refused'; detail: string };

/**
 * What can be said of an address before its name is resolved: https, no credentials, no address literal that is not public.
 * The resolved address is checked again at every delivery, because a name may point elsewhere by then.
 */
export function checkWebhookUrl(written: string, rules: { loopbackAllowed: boolean }): CheckedWebhookUrl {
  const read = readWebhookUrl(written, rules);
  if (read.kind === 'refused') return read;
  const { url, isLocal } = read;
  const host = hostOf(url);
  if (isLocal) return { kind: 'ok', url: url.href };
  if (isIP(host) !== 0 && !isPublicAddress(host)) return refused('must be a public address');
  if (isIP(host) === 0 && (!host.includes('.') || /(^|\.)(localhost|local|internal)\.?$/.test(host)))
    return refused('must be a public name');
  return { kind: 'ok', url: url.href };
}

function refused(detail: string): CheckedWebhookUrl {
  return { kind: 'refused', detail };
}
