import type { ApiAccount } from '../../shared/config/environment.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { endOfDay, endOfMonth, type Period, periodOf } from '../../shared/domain/period.ts';
import type { Log } from '../../shared/log/log.ts';
import type { UsageStore } from '../../shared/store/control-usage.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { Charge, Counted, Counter, LeftCount, SegmentLimits, Usage } from '../../shared/store/usage-item.ts';
import type { QuotaWatch } from './quota-watch.ts';

export interface ChargeDependencies {
  quotas: Pick<QuotaWatch, 'saw'>;
  usage: Pick<UsageStore, 'count' | 'settle' | 'settleLeft' | 'undo'>;
  messages: Pick<MessageStore, 'get'>;
  log: Log;
}

/** What is to be counted, and for whom. */
export interface ToCharge {
  caller: Pick<ApiKey, 'keyId' | 'quota'>;
  account: Pick<ApiAccount, 'name' | 'timeZone' | 'segmentsPerDay' | 'segmentsPerMonth' | 'quotaWarningPercent'>;
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

/** Counts a message's segments, and tells of limits that run out by it. */
export async function charge(toCharge: ToCharge, dependencies: ChargeDependencies): Promise<Charged> {
  const charged = await countSegments(toCharge, dependencies);
  await dependencies.quotas.saw(toCharge, charged);
  return charged;
}

/**
 * Counts segments to their key and their account, or to neither. Where both have limits the key goes first: one that
 * has used up its own does not even touch what all share.
 */
export async function countSegments(toCharge: ToCharge, dependencies: ChargeDependencies): Promise<Charged> {
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
    return { kind: 'exhausted', ...limitLeft(ofKey, key, toCharge) };
  }
  const shared = await (early ?? count(ofAccount));
  if (shared.kind === 'exhausted') {
    await usage.undo(ofKey.counter, charge);
    return { kind: 'exhausted', ...limitLeft(ofAccount, shared, toCharge) };
  }
  const limits = [...limitsLeft(ofKey, key.usage, toCharge), ...limitsLeft(ofAccount, shared.usage, toCharge)];
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

interface Limited {
  whose: LimitLeft['whose'];
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
      whose: 'key',
      counter: { account: name, keyId: caller.keyId },
      limits: { perDay: quota?.segmentsPerDay, perMonth: quota?.segmentsPerMonth },
    },
    {
      whose: 'account',
      counter: { account: name },
      limits: { perDay: segmentsPerDay, perMonth: segmentsPerMonth },
    },
  ];
}

function limitsLeft(limited: Limited, usage: Usage, toCharge: ToCharge): LimitLeft[] {
  const { limits } = limited;
  const windows = [
    ...(limits.perDay === undefined ? [] : ['day' as const]),
    ...(limits.perMonth === undefined ? [] : ['month' as const]),
  ];
  return windows.map((window) => limitLeft(limited, { window, used: usage[window] }, toCharge));
}

function limitLeft(
  { whose, limits: { perDay = 0, perMonth = 0 } }: Limited,
  { window, used }: { window: keyof Usage; used: number },
  { account, now }: ToCharge,
): LimitLeft {
  const limit = window === 'day' ? perDay : perMonth;
  const resetsAt = window === 'day' ? endOfDay(now, account.timeZone) : endOfMonth(now, account.timeZone);
  return { whose, window, limit, left: limit - used, resetsAt };
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
