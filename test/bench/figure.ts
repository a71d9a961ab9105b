export type Unit =
  | '%'
  | '/s'
  | 'ms'
  | 's'
  | 'submits'
  | 'rows'
  | 'MiB'
  | 'KiB'
  | 'KB'
  | 'ms CPU'
  | 'µs'
  | 'units'
  | '$';

/** What something has to reach, in the unit of its figure. */
export type Goal = { atLeast: number } | { atMost: number } | { below: number };

/** One number that a bench found, and what it stands beside. */
export interface Figure {
  what: string;
  unit: Unit;
  measured: number;
  /** The same of something else: measured in the same run, or an estimate that says so. */
  baseline?: { of: string; value: number };
  goal?: Goal;
}

/** Undefined where there is no goal. */
export function isMet({ measured, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  if ('atLeast' in goal) return measured >= goal.atLeast;
  return 'atMost' in goal ? measured <= goal.atMost : measured < goal.below;
}

export function inWords(value: number, unit: Unit): string {
  const number = value.toLocaleString('en-US', { maximumFractionDigits: digitsBehindPoint(value, unit) });
  if (unit === '$') return `$${number}`;
  return unit === 'submits' || unit === 'rows' ? number : `${number} ${unit}`;
}

export function goalInWords(goal: Goal, unit: Unit): string {
  if ('atLeast' in goal) return `≥ ${inWords(goal.atLeast, unit)}`;
  return 'atMost' in goal ? `≤ ${inWords(goal.atMost, unit)}` : `< ${inWords(goal.below, unit)}`;
}

/** Three digits that count, or more; of a share two behind the point, for its goal is close to all. */
function digitsBehindPoint(value: number, unit: Unit): number {
  if (unit === '%') return 2;
  return value >= 1_000 ? 0 : value >= 10 ? 1 : 2;
}
