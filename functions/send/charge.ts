import type { ApiAccount } from '../../shared/config/environment.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { endOfDay, endOfMonth, type Period, periodOf } from '../../shared/domain/period.ts';
import type { Log } from '../../shared/log/log.ts';
import type { UsageStore } from '../../shared/store/control-usage.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { Charge, Counted, Counter, LeftCount, SegmentLimits, Usage } from '../../shared/store/usage-item.ts';

export interface ChargeDependencies {
  usage: Pick<UsageStore, 'count' | 'settle' | 'settleLeft' | 'undo'>;
  messages: Pick<MessageStore, 'get'>;
  log: Log;
}

/** What is to be counted, and for whom. */
export interface ToCharge {
  caller: Pick<ApiKey, 'keyId' | 'quota'>;
  account: Pick<ApiAccount, 'name' | 'timeZone' | 'segmentsPerDay' | 'segmentsPerMonth'>;
  messageId: string;
  segments: number;
  /** Epoch milliseconds. */
  now: number;
}

/** One limit, and how much of it is left. */
export interface LimitLeft {
  whose: 'account' | 'key';
  window: keyof Usage;
  limit: number;
  /** Segments that still fit into it. */
  left: number;
  /** Epoch milliseconds. */
  resetsAt: number;
}

export type Charged = { kind: 'charged'; period: Period; limits: LimitLeft[] } | ({ kind: 'exhausted' } & LimitLeft);

/** What a process looks after that others left behind, at most: a caller waits. */
const MOST_LEFT = 2;

/**
 * Counts a message's segments to its key and its account, or to neither. Where both have limits the key goes first: one that
 * has used up its own does not even touch what all share.
 */
export async function charge(toCharge: ToCharge, dependencies: ChargeDependencies): Promise<Charged> {
  const { account, messageId, segments, now } = toCharge;
  const { usage } = dependencies;
  const period = periodOf(now, account.timeZone);
  const charge: Charge = { messageId, segments, period };
  const [ofKey, ofAccount] = countersOf(toCharge);
  const count = async (limited: Limited) => await countFor(limited, { charge, at: now }, dependencies);
  // Only what has a limit can refuse: beside it the other can be counted at the same time, and taken back.
  const early = isLimited(ofKey) && isLimited(ofAccount) ? undefined : count(ofAccount);
  const [key] = await Promise.all([count(ofKey), early]);
  if (key.kind === 'exhausted') {
    if (early !== undefined) await usage.undo(ofAccount.counter, charge);
    return exhausted('key', key, toCharge);
  }
  const shared = await (early ?? count(ofAccount));
  if (shared.kind === 'exhausted') {
    await usage.undo(ofKey.counter, charge);
    return exhausted('account', shared, toCharge);
  }
  const limits = [...limitsLeft('key', key.usage, toCharge), ...limitsLeft('account', shared.usage, toCharge)];
  return { kind: 'charged', period, limits };
}

async function countFor(
  { counter, limits }: Limited,
  { charge, at }: { charge: Charge; at: number },
  dependencies: ChargeDependencies,
): Promise<Counted> {
  const { usage } = dependencies;
  const counted = await usage.count(counter, charge, { limits, at });
  if (counted.left.length === 0) return counted;
  await lookAfter(counter, counted.left, dependencies);
  // What was left behind may have been what stood in the way.
  return counted.kind === 'counted' ? counted : await usage.count(counter, charge, { limits, at });
}

/** The message is stored: it counts for good. */
export function settleCharge(
  { caller, account, messageId, period }: Pick<ToCharge, 'caller' | 'account' | 'messageId'> & { period: Period },
  { usage }: Pick<ChargeDependencies, 'usage'>,
): void {
  for (const { counter } of countersOf({ caller, account })) usage.settle(counter, { messageId, period });
}

/** The message will not be stored after all. */
export async function undoCharge(
  { caller, account, messageId, segments, period }: Omit<ToCharge, 'now'> & { period: Period },
  { usage }: Pick<ChargeDependencies, 'usage'>,
): Promise<void> {
  for (const { counter } of countersOf({ caller, account })) await usage.undo(counter, { messageId, segments, period });
}

interface Limited {
  counter: Counter;
  limits: SegmentLimits;
}

function isLimited({ limits: { perDay, perMonth } }: Limited): boolean {
  return perDay !== undefined || perMonth !== undefined;
}

function countersOf({ caller, account }: Pick<ToCharge, 'caller' | 'account'>): [key: Limited, account: Limited] {
  const { name, segmentsPerDay, segmentsPerMonth } = account;
  const { quota } = caller;
  return [
    {
      counter: { account: name, keyId: caller.keyId },
      limits: { perDay: quota?.segmentsPerDay, perMonth: quota?.segmentsPerMonth },
    },
    { counter: { account: name }, limits: { perDay: segmentsPerDay, perMonth: segmentsPerMonth } },
  ];
}

function exhausted(
  whose: LimitLeft['whose'],
  { window, used }: Extract<Counted, { kind: 'exhausted' }>,
  toCharge: ToCharge,
): Charged {
  return { kind: 'exhausted', ...limitLeft({ whose, window, used }, toCharge) };
}

function limitsLeft(whose: LimitLeft['whose'], usage: Usage, toCharge: ToCharge): LimitLeft[] {
  const limits = limitsOf(whose, toCharge);
  const windows = [
    ...(limits.perDay === undefined ? [] : ['day' as const]),
    ...(limits.perMonth === undefined ? [] : ['month' as const]),
  ];
  return windows.map((window) => limitLeft({ whose, window, used: usage[window] }, toCharge));
}

function limitLeft(
  { whose, window, used }: { whose: LimitLeft['whose']; window: keyof Usage; used: number },
  toCharge: ToCharge,
): LimitLeft {
  const { account, now } = toCharge;
  const { perDay = 0, perMonth = 0 } = limitsOf(whose, toCharge);
  const limit = window === 'day' ? perDay : perMonth;
  const resetsAt = window === 'day' ? endOfDay(now, account.timeZone) : endOfMonth(now, account.timeZone);
  return { whose, window, limit, left: limit - used, resetsAt };
}

function limitsOf(whose: LimitLeft['whose'], toCharge: ToCharge): SegmentLimits {
  const [key, shared] = countersOf(toCharge);
  return (whose === 'key' ? key : shared).limits;
}

/** Counts of processes that died: with their message they stand, without it they are taken back. */
async function lookAfter(
  counter: Counter,
  left: readonly LeftCount[],
  { usage, messages, log }: ChargeDependencies,
): Promise<void> {
  for (const count of left.slice(0, MOST_LEFT)) {
    try {
      const isStored = (await messages.get(count.messageId)) !== undefined;
      await (isStored ? usage.settleLeft(counter, count) : usage.undo(counter, count));
    } catch (error) {
      log.warn('a count that was left behind was not looked after; the next one will be', { error });
    }
  }
}
