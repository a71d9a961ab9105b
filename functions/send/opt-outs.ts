import type { Lane } from '../../shared/config/account.ts';
import { mayBeStopped, stops } from '../../shared/domain/opt-out.ts';
import type { OptOutLookup } from '../../shared/store/opt-out-lookup.ts';
import type { Fault } from './faults.ts';

export interface OptOutDependencies {
  optOuts: Pick<OptOutLookup, 'among'>;
}

export interface Recipient {
  /** E.164. */
  to: string;
  lane: Lane;
}

/**
 * Why each of several messages of an account may not be sent to its recipient, in their order; undefined for those that may.
 * Reads nothing where all are one-time passwords.
 */
export async function optOutFaults(
  recipients: readonly Recipient[],
  account: string,
  { optOuts }: OptOutDependencies,
): Promise<(Fault | undefined)[]> {
  const asked = recipients.filter(({ lane }) => mayBeStopped(lane)).map(({ to }) => to);
  const optedOut = asked.length === 0 ? undefined : await optOuts.among(account, asked);
  return recipients.map(({ to, lane }) => {
    const scope = optedOut?.get(to)?.scope;
    if (scope === undefined || !stops(scope, lane)) return undefined;
    const what = scope === 'all' ? 'all messages but one-time passwords' : 'promotional messages';
    return { pointer: '/to', code: 'recipient_opted_out', detail: `the recipient has opted out of ${what}` };
  });
}
