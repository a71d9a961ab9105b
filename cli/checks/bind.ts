import type { AccountStatus } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import type { Credentials } from '../../shared/config/credentials.ts';
import { explainBind } from '../operator/bind-advice.ts';
import { tryBind } from '../operator/bind-try.ts';
import type { Check } from './check.ts';

/** Whether a binder is at work on the account, so that a bind of ours could cost it its session. */
function binderHolds(status: AccountStatus | undefined): boolean {
  return status !== undefined && status.session.state !== 'unknown';
}

/**
 * Binds once with the stored credentials and unbinds, where no binder of the stack holds the account: operators allow few
 * sessions, most of them one.
 */
export async function checkBind(
  account: Account,
  credentials: Credentials,
  { status, force }: { status: AccountStatus | undefined; force: boolean },
): Promise<Check> {
  const name = `${account.name}: bind`;
  if (binderHolds(status) && !force) {
    const detail = 'not tried: a binder holds the account, and a second session could end its own';
    const isDown = status?.session.can_send === false;
    const why = isDown
      ? 'Its session is down, so a try costs little, and shows what the operator says: --force.'
      : undefined;
    return { name, state: 'skipped', detail, ...(why === undefined ? {} : { next: why }) };
  }
  const result = await tryBind(account, credentials);
  if (result.kind === 'bound')
    return { name, state: 'good', detail: 'the operator takes the credentials from this machine' };
  const { what, next } = explainBind(result, account);
  return { name, state: 'bad', detail: what, next };
}
