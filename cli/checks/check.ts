import type { Paint, Terminal } from '../terminal/terminal.ts';

/** One thing that was looked at. */
export interface Check {
  name: string;
  /** `warning`: it works, and a person should know; `skipped`: it was not looked at, and why. */
  state: 'good' | 'bad' | 'warning' | 'skipped';
  detail: string;
  /** What to do. */
  next?: string;
}

const SIGNS = {
  good: ['green', '✓'],
  bad: ['red', '✗'],
  warning: ['yellow', '!'],
  skipped: ['dim', '·'],
} as const;

const NAME_COLUMNS = 24;

export function checkLines({ name, state, detail, next }: Check, paint: Paint): string[] {
  const [tone, sign] = SIGNS[state];
  const [first = '', ...rest] = detail.split('\n');
  const indent = ' '.repeat(NAME_COLUMNS + 3);
  return [
    `${paint(tone, sign)} ${name.padEnd(NAME_COLUMNS)} ${first}`,
    ...rest.map((line) => `${indent}${line}`),
    ...(next === undefined ? [] : [`${indent}${paint('cyan', '→')} ${next}`]),
  ];
}

/** Shows checks as they are made. @returns all of them */
export async function showChecks(checks: AsyncIterable<Check>, terminal: Terminal): Promise<Check[]> {
  const made: Check[] = [];
  for await (const check of checks) {
    made.push(check);
    if (!terminal.json) terminal.print(...checkLines(check, terminal.paint));
  }
  return made;
}
