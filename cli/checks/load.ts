import { count, counted, duration } from '../../cdk/local/view/words.ts';
import { longestWaitSeconds } from '../../cdk/monitoring/alarms/queues.ts';
import type { Lane, Usage } from '../../docs/client/bindery.ts';
import type { Account } from '../../shared/config/account.ts';
import type { Check } from './check.ts';

/** For so long that the alarm `lane-waiting` is raised. */
function isLong(account: Account, { lane, oldest_seconds: oldest }: Lane): boolean {
  return oldest !== null && oldest > longestWaitSeconds(account, lane);
}

/** Whether what waits in the lanes of an account has waited for too long. */
export function checkLanes(account: Account, lanes: readonly Lane[]): Check {
  const name = `${account.name}: lanes`;
  const filled = lanes.filter((lane) => lane.account === account.name && lane.waiting_messages !== 0);
  if (filled.length === 0) return { name, state: 'good', detail: 'nothing waits' };
  const detail = filled.map(inWords).join(', ');
  const late = filled.filter((lane) => isLong(account, lane));
  if (late.length === 0) return { name, state: 'good', detail };
  const next = `Too long in ${late.map(({ lane }) => lane).join(' and ')}: docs/runbook.md#lane-waiting`;
  return { name, state: 'bad', detail, next };
}

function inWords({ lane, waiting_messages: waiting, oldest_seconds: oldest }: Lane): string {
  if (waiting === null) return `${lane} not known`;
  return `${lane} ${count(waiting)}${oldest === null ? '' : `, the oldest for ${duration(oldest * 1000)}`}`;
}

/** From here on the alarm `quota-near` is raised. */
const NEAR = 0.8;

/** How much of an account's day and month is left; nothing where it has no limits. */
export function* checkQuota(account: Account, usage: readonly Usage[]): Generator<Check> {
  const name = `${account.name}: quota`;
  const whole = usage.find((one) => one.account === account.name && one.key_id === null);
  for (const [when, period, window] of [
    ['today', 'day', whole?.day],
    ['this month', 'month', whole?.month],
  ] as const) {
    if (window === undefined || window.limit === null) continue;
    const { used, limit } = window;
    const detail = `${count(used)} of ${counted(limit, 'segment')} used ${when}`;
    const next = 'docs/runbook.md#quota-near';
    if (used >= limit)
      yield { name, state: 'bad', detail, next: `Messages are refused until the ${period} is over: ${next}` };
    else if (used >= limit * NEAR) yield { name, state: 'warning', detail, next: `Nearly used up: ${next}` };
    else yield { name, state: 'good', detail };
  }
}
