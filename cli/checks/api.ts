import type { AccountStatus, Bindery } from '../../docs/client/bindery.ts';
import { localTime } from '../commands/message-view.ts';
import { explainSession } from '../operator/session-advice.ts';
import type { Check } from './check.ts';
import { failedCheck } from './stack.ts';

/** How a session stands, said for a person. */
function describe(status: AccountStatus): Pick<Check, 'state' | 'detail' | 'next'> {
  const { since } = status.session;
  const down = explainSession(status);
  if (down === undefined) return { state: 'good', detail: `bound since ${localTime(since)}` };
  return { state: 'bad', detail: `down: ${down.what}`, next: down.next };
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
