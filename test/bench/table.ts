import type { Paint } from '../demo/paint.ts';
import { type Figure, goalInWords, inWords, isMet } from './figure.ts';

const WHAT_WIDTH = 52;
const NUMBER_WIDTH = 16;

function row(what: string, numbers: readonly string[]): string {
  return `  ${what.padEnd(WHAT_WIDTH)}${numbers.map((number) => number.padStart(NUMBER_WIDTH)).join('')}`;
}

/** One bench's figures: measured, baseline, goal and whether it is met. What the baseline is stands below. */
export function table(title: string, figures: readonly Figure[], paint: Paint): string {
  const baselines = new Set(figures.flatMap(({ baseline }) => (baseline === undefined ? [] : [baseline.of])));
  return [
    paint.bold(row(title, ['measured', 'baseline', 'goal'])),
    ...figures.map((figure) => figureRow(figure, paint)),
    ...Array.from(baselines, (of) => paint.dim(`  baseline: ${of}`)),
  ].join('\n');
}

function figureRow(figure: Figure, paint: Paint): string {
  const { what, unit, measured, baseline, goal } = figure;
  const numbers = [
    inWords(measured, unit),
    baseline === undefined ? '·' : inWords(baseline.value, unit),
    goal === undefined ? '·' : goalInWords(goal, unit),
  ];
  return `${row(`  ${what}`, numbers)}  ${verdict(figure, paint)}`.trimEnd();
}

function verdict(figure: Figure, paint: Paint): string {
  const met = isMet(figure);
  if (met === undefined) return '';
  return met ? paint.good('✓') : paint.bad('✗ missed');
}
