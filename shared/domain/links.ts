import { isTopLevelDomain } from './top-level-domains.ts';

/** Something in a text that a phone, or a filter of the operator, takes for a link. */
export interface Link {
  /** In small letters and ASCII (punycode); undefined where readers of the link could differ about it. */
  host: string | undefined;
}

/** What is written between the parts of a name to get it past a filter: example[.]com, example (dot) com. */
const DISGUISED_DOT = /\s{0,2}[[({<]\s{0,2}(?:\.|dot)\s{0,2}[\])}>]\s{0,2}/gi;
/** Full stops of other scripts, which browsers read as dots. */
const FOREIGN_DOT = /(?<=[\p{L}\p{N}])[\u3002\uff61](?=[a-z])/giu;

const WITH_SCHEME = /(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}:[/\\]{2}[^\s<>"]*/giu;
/** A name of at least two labels; or four numbers. What stands before it and behind it decides what it is. */
const NAME =
  /(?<![\p{L}\p{N}_.-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?/giu;
const ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * The links of a text: with a scheme or without one, whatever letters they are written in. It looks through what is done to
 * hide them: full-width and other styled letters, invisible characters, dots in brackets. Takes linear time.
 */
export function findLinks(text: string): Link[] {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(DISGUISED_DOT, '.')
    .replace(FOREIGN_DOT, '.');
  const links: Link[] = [];
  const rest = plain.replace(WITH_SCHEME, (written) => {
    links.push({ host: hostOfUrl(written) });
    return ' ';
  });
  for (const { 0: name, index } of rest.matchAll(NAME)) {
    const before = rest[index - 1] ?? '';
    const behind = rest.slice(index + name.length, index + name.length + 2);
    if (isLink(name, { before, behind })) links.push({ host: before === '@' ? undefined : hostOf(name) });
  }
  return links;
}

function isLink(name: string, { before, behind }: { before: string; behind: string }): boolean {
  const leads = /^(?:[/\\?#]\S|:\d)/.test(behind);
  if (ADDRESS.test(name)) return leads;
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (leads && /^\p{L}/u.test(last)) return true;
  // An e-mail address is none.
  if (before === '@' || behind.startsWith('@')) return false;
  if (/^www\./i.test(name)) return true;
  // "Bayad na.Sa Lunes": a sentence that begins without a space, and not the domain of Saudi Arabia.
  if (/[\p{Ll}\p{N}]\.\p{Lu}\p{Ll}$/u.test(name)) return false;
  return isTopLevelDomain(last.toLowerCase());
}

/** Only what every reader reads alike: no user, no backslash, http or https. */
function hostOfUrl(written: string): string | undefined {
  const url = /[\\@]/.test(written) ? null : URL.parse(written);
  return url !== null && /^https?:$/.test(url.protocol) ? trimmed(url.hostname) : undefined;
}

function hostOf(name: string): string | undefined {
  const url = URL.parse(`http://${name}`);
  return url === null ? undefined : trimmed(url.hostname);
}

function trimmed(hostname: string): string {
  return hostname.replace(/\.$/, '');
}

export type LinkPolicy =
  | { policy: 'allow' }
  /** These hosts and what is under them, each in small letters. */
  | { policy: 'allow_hosts'; hosts: readonly string[] }
  | { policy: 'refuse' };

/** How many links of a text an account may not send. */
export function refusedLinks(text: string, rule: LinkPolicy): number {
  switch (rule.policy) {
    case 'allow':
      return 0;
    case 'refuse':
      return findLinks(text).length;
    case 'allow_hosts':
      return findLinks(text).filter(({ host }) => !isAllowed(host, rule.hosts)).length;
  }
}

function isAllowed(host: string | undefined, allowed: readonly string[]): boolean {
  return host !== undefined && allowed.some((one) => host === one || host.endsWith(`.${one}`));
}
