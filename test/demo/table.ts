import { LANES } from '../../shared/config/account.ts';
import type { Paint } from './paint.ts';
import type { Latency, PerLane, Summary } from './summary.ts';

const COLUMNS = [...LANES, 'all'] as const;
/** 80 characters, as wide as the narrowest terminal. */
const LABEL_WIDTH = 22;
const COLUMN_WIDTH = 14;
const WIDTH = LABEL_WIDTH + COLUMNS.length * COLUMN_WIDTH;

function row(label: string, cells: readonly string[]): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('')}`.trimEnd();
}

function perLaneRow<T>(label: string, values: PerLane<T>, show: (value: T) => string): string {
  return row(
    label,
    COLUMNS.map((column) => show(values[column])),
  );
}

/** What belongs to no lane stands in the last column. */
function totalRow(label: string, cell: string): string {
  return `  ${label}${cell.padStart(WIDTH - label.length)}`;
}

const number = (value: number): string => value.toLocaleString('en-US');
const countOrDash = (value: number): string => (value === 0 ? '·' : number(value));

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '·' : `${(milliseconds / 1000).toFixed(1)} s`;
}

function rateRows({ rate }: Summary, limit: number): string[] {
  if (rate === undefined) return [];
  return [
    totalRow('submits at the operator', number(rate.submits)),
    totalRow('average while work waited', rate.average === undefined ? '·' : `${rate.average.toFixed(2)} /s`),
    totalRow(`worst second (limit ${limit})`, number(rate.worstSecond)),
  ];
}

/** @param observed what was compared besides, such as texts at the operator: a name and a finding */
export function table(
  summary: Summary,
  { paint, limit, observed }: { paint: Paint; limit: number; observed: readonly [string, string][] },
): string {
  const p50 = (latency: Latency | undefined) => seconds(latency?.p50);
  const p99 = (latency: Latency | undefined) => seconds(latency?.p99);
  const rule = paint.dim(`  ${'─'.repeat(WIDTH)}`);
  return [
    paint.bold(row('', COLUMNS)),
    rule,
    perLaneRow('accepted', summary.accepted, countOrDash),
    perLaneRow('segments', summary.segments, countOrDash),
    ...summary.states.map(([status, counts]) => perLaneRow(status, counts, countOrDash)),
    perLaneRow('delivered after, p50', summary.acceptedToDelivered, p50),
    perLaneRow('delivered after, p99', summary.acceptedToDelivered, p99),
    rule,
    totalRow('refused', countOrDash(summary.refused)),
    ...summary.refusals.map(([code, count]) => paint.dim(totalRow(`  ${code}`, number(count)))),
    rule,
    ...rateRows(summary, limit),
    ...observed.map(([name, finding]) => totalRow(name, finding)),
  ].join('\n');
}
