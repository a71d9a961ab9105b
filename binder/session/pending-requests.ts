/**
 * The table of unanswered submit_sm. A request leaves `unanswered` exactly once: by its answer, by its time running out,
 * or with the link. One whose time ran out stays in `late` for a while, so that an answer after all finds its request.
 *
 * Values, never changed in place. Both lists are in the order of writing, which is the order of falling due, and the
 * window keeps the first one short: copying a hundred pointers is cheaper than keeping a map.
 */
export interface PendingRequest<R> {
  sequence: number;
  sentAtMs: number;
  /** When the answer is overdue. */
  dueAtMs: number;
  /** The caller's own: not looked at here. */
  request: R;
}

export interface PendingRequests<R> {
  readonly unanswered: readonly PendingRequest<R>[];
  readonly late: readonly (PendingRequest<R> & { expiredAtMs: number })[];
}

export type Matched<R> =
  | { kind: 'answered' | 'late'; entry: PendingRequest<R>; requests: PendingRequests<R> }
  | { kind: 'unmatched' };

/** How long an overdue request can still be matched, and how many at most: the oldest are forgotten first. */
export const LATE_KEPT_MS = 10 * 60_000;
export const LATE_KEPT = 1_000;

export const noRequests: PendingRequests<never> = { unanswered: [], late: [] };

export function addRequest<R>(requests: PendingRequests<R>, entry: PendingRequest<R>): PendingRequests<R> {
  return { ...requests, unanswered: [...requests.unanswered, entry] };
}

/** Takes the request that an answer belongs to off the table; a second answer to the same finds nothing. */
export function matchAnswer<R>(requests: PendingRequests<R>, sequence: number): Matched<R> {
  const { unanswered, late } = requests;
  const at = unanswered.findIndex((entry) => entry.sequence === sequence);
  const entry = unanswered[at];
  if (entry !== undefined) {
    return { kind: 'answered', entry, requests: { unanswered: unanswered.toSpliced(at, 1), late } };
  }
  const lateAt = late.findIndex((entry) => entry.sequence === sequence);
  const lateEntry = late[lateAt];
  if (lateEntry === undefined) return { kind: 'unmatched' };
  return { kind: 'late', entry: lateEntry, requests: { unanswered, late: late.toSpliced(lateAt, 1) } };
}

/** Moves what is overdue at `nowMs` to `late` and returns it. */
export function expireRequests<R>(
  requests: PendingRequests<R>,
  nowMs: number,
): { expired: readonly PendingRequest<R>[]; requests: PendingRequests<R> } {
  const expired = requests.unanswered.filter((entry) => entry.dueAtMs <= nowMs);
  if (expired.length === 0) return { expired, requests };
  const unanswered = requests.unanswered.filter((entry) => entry.dueAtMs > nowMs);
  const late = [...requests.late, ...expired.map((entry) => ({ ...entry, expiredAtMs: nowMs }))]
    .filter((entry) => entry.expiredAtMs + LATE_KEPT_MS > nowMs)
    .slice(-LATE_KEPT);
  return { expired, requests: { unanswered, late } };
}

/** Time in which nothing was read, from `sinceMs` to `nowMs`, is not counted against the peer. */
export function forgivePause<R>(requests: PendingRequests<R>, sinceMs: number, nowMs: number): PendingRequests<R> {
  const unanswered = requests.unanswered.map((entry) => ({
    ...entry,
    dueAtMs: entry.dueAtMs + (nowMs - Math.max(sinceMs, entry.sentAtMs)),
  }));
  return { ...requests, unanswered };
}
