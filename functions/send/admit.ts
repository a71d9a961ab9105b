import { isoTime } from '../../shared/contracts/message.ts';
import type { ProblemDetails } from '../../shared/contracts/problem.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { LoadWatch } from '../middleware/load-watch.ts';
import type { Sender } from './accept.ts';
import { type ChargeDependencies, type Charged, charge, type LimitLeft } from './charge.ts';
import { outlook } from './early-refusal.ts';

export interface AdmitDependencies extends ChargeDependencies {
  loads: Pick<LoadWatch, 'load' | 'added'>;
  /** Epoch milliseconds. */
  now: () => number;
}

export type Admission =
  /** The message as it may be stored now; what it counts is counted. */
  | { kind: 'admitted'; message: Message; limits: LimitLeft[] }
  /** Not now. Nothing is counted. */
  | { kind: 'refused_now'; problem: ProblemDetails; retryAfterMs: number; limits?: LimitLeft[] };

/**
 * Whether there is room for a message that could be sent: in its lane, and in the limits of its key and account. What is not
 * known refuses nobody.
 */
export async function admit(
  message: Message,
  { caller, account }: Pick<Sender, 'caller' | 'account'>,
  dependencies: AdmitDependencies,
): Promise<Admission> {
  const now = dependencies.now();
  const { messageId, segments, lane, status } = message;
  // What is scheduled joins its lane as that is then.
  const load = status === 'queued' ? await dependencies.loads.load(account.name) : undefined;
  const seen = load && outlook(message, { account, load, now });
  if (seen?.kind === 'refused_now') return seen;
  const charged = await charge({ caller, account, messageId, segments: segments.length, now }, dependencies);
  if (charged.kind === 'exhausted') return overQuota(charged, now);
  if (load !== undefined) dependencies.loads.added(account.name, lane, segments.length);
  const expected = seen === undefined ? {} : { expectedAt: now + seen.waitSeconds * 1000 };
  return { kind: 'admitted', message: { ...message, ...expected, countedIn: charged.period }, limits: charged.limits };
}

function overQuota({ kind: _kind, ...exhausted }: Extract<Charged, { kind: 'exhausted' }>, now: number): Admission {
  const { whose, window, limit, resetsAt } = exhausted;
  const owner = whose === 'key' ? 'this key' : 'the account';
  const detail = `${owner} may send ${limit} segments a ${window}, and has not enough of them left; it begins anew at ${isoTime(resetsAt)}`;
  const problem = { code: 'quota_exceeded' as const, detail };
  return { kind: 'refused_now', problem, retryAfterMs: resetsAt - now, limits: [exhausted] };
}
