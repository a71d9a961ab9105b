import type { AccountStatus } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import type { Credentials } from '../../shared/config/credentials.ts';
import { explainBind } from '../operator/bind-advice.ts';
import { tryBind } from '../operator/bind-try.ts';
import type { Check } from './check.ts';

/** Whether a binder is at work on the account, so that a bind of ours could cost it its session. */
export function binderHolds({ session }: AccountStatus): boolean {
  return session.state !== 'unknown';
}

/** Why a bind of ours could do harm; undefined where no binder of the stack has a session to lose. */
function reasonAgainst(status: AccountStatus | undefined): Pick<Check, 'detail' | 'next'> | undefined {
  if (status === undefined) {
    return {
      detail:
        'not tried: the API did not say whether a binder holds the account, and a second session could end its own',
      next: 'See what `npm run cli -- doctor` says of the API and of the key, which may be one for tests or of another account. Where no binder runs: --force.',
    };
  }
  if (!binderHolds(status)) return undefined;
  const detail = 'not tried: a binder holds the account, and a second session could end its own';
  if (status.session.can_send) return { detail };
  return {
    detail,
    next: 'Its session is down, so a try costs little, and shows what the operator says: --force.',
  };
}

/**
 * Binds once with the stored credentials and unbinds, where no binder of the stack holds the account: operators allow few
 * sessions, most of them one.
 * @param options.status what the API says of the account; undefined where it could not be asked
 */
export async function checkBind(
  account: Account,
  credentials: Credentials,
  { status, force }: { status: AccountStatus | undefined; force: boolean },
): Promise<Check> {
  const name = `${account.name}: bind`;
  const against = force ? undefined : reasonAgainst(status);
  if (against !== undefined) return { name, state: 'skipped', ...against };
  const result = await tryBind(account, credentials);
  if (result.kind === 'bound')
    return { name, state: 'good', detail: 'the operator takes the credentials from this machine' };
  const { what, next } = explainBind(result, account);
  return { name, state: 'bad', detail: what, next };
}
