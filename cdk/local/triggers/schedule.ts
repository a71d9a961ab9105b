import { randomUUID } from 'node:crypto';
import type { BusEvent } from '../aws/api.ts';
import { ACCOUNT_ID, REGION } from '../aws/arn.ts';
import type { Trigger } from '../context.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Soon after the start, so that what a schedule keeps in order is in order at once. */
const FIRST_RUN_MS = 200;

/** The interval of `rate(5 minutes)` in milliseconds; undefined for any other expression. */
export function parseRate(expression: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  return unitMs === undefined || Number(count) < 1 ? undefined : Number(count) * unitMs;
}

/** The event that EventBridge makes when a schedule fires. */
export function scheduledEvent(ruleArn: string, atEpochMs: number): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT_ID,
    time: new Date(atEpochMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [ruleArn],
    detail: {},
  };
}

/** A rule that fires by the clock. */
export class Schedule implements Trigger {
  readonly #everyMs: number;
  readonly #fire: () => void;
  #first: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number, fire: () => void) {
    this.#everyMs = everyMs;
    this.#fire = fire;
  }

  start(): void {
    this.#first = setTimeout(this.#fire, FIRST_RUN_MS);
    this.#timer = setInterval(this.#fire, this.#everyMs);
  }

  close(): Promise<void> {
    clearTimeout(this.#first);
    clearInterval(this.#timer);
    return Promise.resolve();
  }
}
