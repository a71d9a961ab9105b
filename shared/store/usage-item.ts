import type { Period } from '../domain/period.ts';

/** Whose segments are counted: an account's, or those of one key in it. */
export interface Counter {
  account: string;
  keyId?: string;
}

/** Most segments; absent means any number. */
export interface SegmentLimits {
  perDay?: number | undefined;
  perMonth?: number | undefined;
}

export interface Usage {
  day: number;
  month: number;
}

/** What a message counts. */
export interface Charge {
  messageId: string;
  segments: number;
  period: Period;
}

/** `left`: what processes left behind that died between counting a message and storing it, if that is long ago. */
export type Counted =
  | { kind: 'counted'; usage: Usage; left: LeftCount[] }
  | { kind: 'exhausted'; window: keyof Usage; used: number; left: LeftCount[] };

/** A count of which it is not known whether its message was stored. */
export interface LeftCount extends Charge {
  /** The mark as it was seen; whoever touches it meanwhile changes it. */
  mark: string;
}

/** After which a process that has counted a message has stored it, or never will. */
const LEFT_AFTER_MS = 60_000;
const OPEN = 'open#';
const RETURNED = 'returned#';

export type Item = Record<string, unknown>;

/** The attribute that marks the count of a message until the message is stored. */
export function openName(messageId: string): string {
  return `${OPEN}${messageId}`;
}

/** The attribute that marks the return of a message's segments until the message says so itself. */
export function returnedName(messageId: string): string {
  return `${RETURNED}${messageId}`;
}

export function keyOf({ account, keyId }: Counter, { month }: Period): { pk: string; sk: string } {
  return { pk: keyId === undefined ? `usage#${account}` : `usage#${account}#${keyId}`, sk: month };
}

export function placeOf(counter: Counter, period: Period): string {
  const { pk, sk } = keyOf(counter, period);
  return `${pk} ${sk}`;
}

export function usageOf(item: Item | undefined, { day }: Period): Usage {
  return { day: Number(item?.[`d${day}`] ?? 0), month: Number(item?.['month'] ?? 0) };
}

export function passed(used: Usage, segments: number, { perDay, perMonth }: SegmentLimits): keyof Usage | undefined {
  // The longer wait is told where both are passed.
  if (perMonth !== undefined && used.month + segments > perMonth) return 'month';
  return perDay !== undefined && used.day + segments > perDay ? 'day' : undefined;
}

export function markOf({ segments, period }: Charge, at: number): string {
  return `${segments} ${period.day} ${at}`;
}

export function leftIn(item: Item, { month }: Period, now: number): LeftCount[] {
  return Object.entries(item).flatMap(([name, mark]) => {
    if (!name.startsWith(OPEN) || typeof mark !== 'string') return [];
    const [segments, day = '', at] = mark.split(' ');
    if (Number(at) > now - LEFT_AFTER_MS) return [];
    return [{ messageId: name.slice(OPEN.length), segments: Number(segments), period: { month, day }, mark }];
  });
}
