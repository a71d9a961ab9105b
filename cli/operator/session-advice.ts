import type { CloseWord } from '../../binder/session/close-reason.ts';
import type { AccountStatus } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import { type Explained, explainBind } from './bind-advice.ts';

const STANDARD: Account['statuses'] = { words: {}, bind: {}, submit: {} };

/** Why an account cannot send, as its binder tells it, and what to do about it; undefined where it can. */
export function explainSession({ session }: Pick<AccountStatus, 'session'>): Explained | undefined {
  const { state, reason, operator_code, detail } = session;
  if (session.can_send) return undefined;
  if (state === 'unknown') {
    return {
      what: 'no binder has told anything for 90 seconds',
      next: 'Look whether one runs: the ECS service and its log, or the terminal of `npm start`.',
    };
  }
  if (reason === null) return { what: `${state}, for no reason that is known`, next: 'Look again in some seconds.' };
  // A stack of an earlier release does not tell them.
  const told = {
    ...(typeof operator_code === 'string' ? { commandStatus: Number(operator_code) } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
  return explainBind({ reason: reason as CloseWord, ...told }, { statuses: STANDARD });
}
