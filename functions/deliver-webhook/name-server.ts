import { type LookupAddress, lookup, Resolver } from 'node:dns';
import type { Resolve } from './guarded-lookup.ts';

/** One that does not answer is asked twice, within the time that an endpoint has among others. */
const PATIENCE = { timeout: 800, tries: 2 };

type Answer = { addresses: LookupAddress[] } | { error: NodeJS.ErrnoException };

/**
 * Asks the name servers itself. dns.lookup, which sockets use, waits in one of four threads of the whole process: a few names
 * whose servers are dead would hold up every other delivery and the calls to AWS. It knows no hosts file, in which no
 * customer's endpoint stands; `localhost` alone is looked up there.
 */
export function askNameServers(resolver: Resolver = new Resolver(PATIENCE)): Resolve {
  return (hostname, options, callback) => {
    if (hostname === 'localhost') return lookup(hostname, options, callback);
    const families = ([4, 6] as const).filter((family) => (options.family || family) === family);
    const answers: Answer[] = [];
    const settle = (place: number, answer: Answer) => {
      answers[place] = answer;
      if (Object.keys(answers).length < families.length) return;
      const addresses = answers.flatMap((each) => ('addresses' in each ? each.addresses : []));
      const fault = answers.find((each) => 'error' in each);
      if (addresses.length === 0 && fault !== undefined) callback(fault.error, []);
      else callback(null, addresses);
    };
    for (const [place, family] of families.entries()) {
      const ask = family === 4 ? resolver.resolve4.bind(resolver) : resolver.resolve6.bind(resolver);
      ask(hostname, (error, addresses) =>
        settle(place, error ? { error } : { addresses: addresses.map((address) => ({ address, family })) }),
      );
    }
  };
}
