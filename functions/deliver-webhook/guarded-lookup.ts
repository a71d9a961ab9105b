import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { mayReceiveWebhooks } from '../../shared/webhooks/address.ts';
import { hostOf } from '../../shared/webhooks/url.ts';

export class ForbiddenAddressError extends Error {
  readonly code = 'address_forbidden';

  constructor() {
    super('its name leads to an address that is not public');
  }
}

/** As dns.lookup. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A resolver for sockets that yields allowed addresses only. It is asked by the connection itself, so what was checked is what
 * is connected to: a name that answers differently the second time gains nothing.
 */
export function guardedLookup(rules: { loopbackAllowed: boolean }, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      // One bad address is enough: nobody has a public endpoint that is private at times.
      if (first === undefined || !addresses.every(({ address }) => mayReceiveWebhooks(address, rules))) {
        return callback(new ForbiddenAddressError(), []);
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** An address literal needs no resolver, and so none would be asked. @throws ForbiddenAddressError */
export function checkLiteral(url: URL, rules: { loopbackAllowed: boolean }): void {
  const host = hostOf(url);
  if (isIP(host) !== 0 && !mayReceiveWebhooks(host, rules)) throw new ForbiddenAddressError();
}
