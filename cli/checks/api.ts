import type { AccountStatus, Bindery } from '../../docs/client/bindery.ts';
import type { Check } from './check.ts';
import { failedCheck } from './stack.ts';

/** Why a session is not bound, said for a person. */
function describe({ session }: AccountStatus): Pick<Check, 'state' | 'detail' | 'next'> {
  if (session.can_send) return { state: 'good', detail: `bound since ${session.since ?? '?'}` };
  const detail = `${session.state}${session.reason === null ? '' : `: ${session.reason}`}`;
  if (session.state !== 'unknown')
    return { state: 'bad', detail, next: 'The lines on this account below say more; the binder keeps trying.' };
  const next = 'No binder has told anything for 90 seconds: look at the ECS service and its log.';
  return { state: 'bad', detail: 'unknown', next };
}

/** The API, the key, and what the binder tells of each account. */
export async function* checkApi(api: Bindery): AsyncGenerator<Check, readonly AccountStatus[]> {
  try {
    const { data } = await api.listStatus();
    yield { name: 'API and key', state: 'good', detail: 'the API answers, and the key is good' };
    for (const account of data) yield { name: `${account.account}: session`, ...describe(account) };
    return data;
  } catch (error) {
    yield failedCheck('API and key', error);
    return [];
  }
}
