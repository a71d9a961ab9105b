import type { Account, Lane } from '../../shared/config/account.ts';
import type { AccountReport } from '../../shared/domain/account-report.ts';
import { hexStatus } from '../outbound/answers.ts';
import type { Clock } from '../session/clock.ts';
import type { LinkStatus } from '../session/link-status.ts';
import type { Flow } from './flow.ts';

export interface Standing {
  account: Pick<Account, 'segmentsPerSecond'>;
  status: LinkStatus;
  /** Messages in hand. */
  held: Readonly<Record<Lane, number>>;
  flow: Flow;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
}

/** How an account stands, for the API; no personal data. */
export function accountReport({ account, status, held, flow, clock, wallClock }: Standing): AccountReport {
  const { state, since, reason, commandStatus, detail, canSubmit } = status;
  const at = wallClock();
  // While work waits, as much of it is held as goes out in a second.
  const isBusy = canSubmit && held.otp + held.transactional + held.bulk >= Math.max(2, account.segmentsPerSecond / 2);
  const session = {
    state,
    since: Math.round(at - (clock.now() - since)),
    canSubmit,
    ...(reason && { reason }),
    ...(commandStatus === undefined ? {} : { operatorCode: hexStatus(commandStatus) }),
    ...(detail === undefined ? {} : { detail }),
  };
  return { at, session, ...(canSubmit ? { lastReadyAt: at } : {}), ...flow.look(at, isBusy) };
}
