import { expect, test } from 'vitest';
import { parseRate } from '../../../cdk/local/triggers/schedule.ts';

test.each([
  ['rate(1 minute)', 60_000],
  ['rate(5 minutes)', 300_000],
  ['rate(2 hours)', 7_200_000],
  ['rate(1 day)', 86_400_000],
  ['rate(0 minutes)', undefined],
  ['cron(0 12 * * ? *)', undefined],
])('%s is every %s ms', (expression, everyMs) => {
  expect(parseRate(expression)).toBe(everyMs);
});
