/** What was looked at before a deploy. `unknown` stops nothing: the CDK will find out. */
export interface Finding {
  name: string;
  state: 'good' | 'unknown' | 'bad';
  detail: string;
  /** What to do about it. */
  next?: string;
}

const MARKS = { good: '✓', unknown: '?', bad: '✗' };

export function findingLines({ name, state, detail, next }: Finding): string[] {
  const line = `${MARKS[state]} ${name}: ${detail}`;
  return next === undefined ? [line] : [line, `  → ${next}`];
}
