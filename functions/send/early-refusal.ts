import type { Lane } from '../../shared/config/account.ts';
import type { ApiAccount } from '../../shared/config/environment.ts';
import type { ProblemDetails } from '../../shared/contracts/problem.ts';
import { type AccountLoad, drainSeconds, FULL_AT_SECONDS, outageSeconds } from '../../shared/domain/drain.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { LoadWatch } from '../middleware/load-watch.ts';

export type Outlook =
  | { kind: 'goes'; waitSeconds: number }
  | { kind: 'refused_now'; problem: ProblemDetails; retryAfterMs: number };

/** What a message would wait that joins a lane now, seconds; undefined where nobody knows. */
export async function foreseenWait(
  lane: Lane,
  account: ApiAccount,
  { loads, now }: { loads: Pick<LoadWatch, 'load'>; now: () => number },
): Promise<number | undefined> {
  const load = await loads.load(account.name);
  return load && Math.round(drainSeconds(lane, load, account) + outageSeconds(load.report, now()));
}

/** A lost session comes back within seconds or within many minutes. */
const LOOK_AGAIN_MS = 30_000;

/**
 * How long a message would wait that is accepted now, or why it had better not be: its lane is full, its time would be over
 * before its turn, or the operator has been out of reach for so long that it probably would. Whoever would be sent in time is
 * accepted, also while the session is down.
 */
export function outlook(
  { lane, expiresAt }: Pick<Message, 'lane' | 'expiresAt'>,
  { account, load, now }: { account: ApiAccount; load: AccountLoad; now: number },
): Outlook {
  const drain = drainSeconds(lane, load, account);
  const fullAt = account.lanes[lane].fullAtSeconds ?? FULL_AT_SECONDS[lane];
  if (drain > fullAt) {
    const detail = `what waits in the lane ${lane} takes ${inWords(drain)}, and it is full at ${inWords(fullAt)}`;
    return refused('lane_full', detail, (drain - fullAt) * 1000);
  }
  const livesSeconds = (expiresAt - now) / 1000;
  if (drain > livesSeconds) {
    const detail = `it would wait ${inWords(drain)} in the lane ${lane}, and lives for ${inWords(livesSeconds)}`;
    return refused('would_expire_in_queue', detail, (drain - livesSeconds) * 1000);
  }
  const outage = outageSeconds(load.report, now);
  if (outage > 0 && outage + drain > livesSeconds) {
    const detail = `the operator has been out of reach for ${inWords(outage)}, and it lives for ${inWords(livesSeconds)}`;
    return refused('operator_unavailable', detail, LOOK_AGAIN_MS);
  }
  return { kind: 'goes', waitSeconds: Math.round(drain + outage) };
}

function refused(
  code: 'lane_full' | 'would_expire_in_queue' | 'operator_unavailable',
  detail: string,
  afterMs: number,
): Outlook {
  return { kind: 'refused_now', problem: { code, detail }, retryAfterMs: Math.max(1_000, afterMs) };
}

function inWords(seconds: number): string {
  return `${Math.ceil(seconds)} s`;
}
