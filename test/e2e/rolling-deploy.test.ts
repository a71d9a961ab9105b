import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FixtureOperator, PASSWORD, SYSTEM_ID, startFixtureOperator } from './fixture-operator.ts';
import { overRate } from './rate.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

/** Faster than the shipped profile, so that 600 waiting messages are gone in seconds. */
const SEGMENTS_PER_SECOND = 60;
const MESSAGES = 760;
/** Submitted before the new binder is started, which takes seconds itself. */
const BEFORE = 60;
const WAITING = 600;
/** Of the new binder's: enough to see that it goes on, and at which rate. */
const AFTER = 2 * SEGMENTS_PER_SECOND;
/** The new binder binds when the old one has unbound and released the lease. Measured here: 0.1 to 0.4 s. */
const MOST_GAP_MS = 3_000;
const TIMEOUT_MS = 90_000;

describe('600 messages wait while the binder is deployed anew', () => {
  let operator: FixtureOperator;
  let stack: RunningStack;
  let waiting: number;

  beforeAll(async () => {
    // One session at a time: were both binders bound at once, the operator would refuse the second.
    const system = { systemId: SYSTEM_ID, password: PASSWORD, maxSessions: 1 };
    operator = await startFixtureOperator({ systems: [{ ...system, submitsPerSecond: 2 * SEGMENTS_PER_SECOND }] });
    whenOver(() => operator.close());
    const accounts = [{ profile: 'smpp-asia', segmentsPerSecond: SEGMENTS_PER_SECOND }];
    const context = { 'bindery:accounts': accounts };
    stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials, context });
    whenOver(() => stack.close());
    const items = Array.from({ length: MESSAGES }, (_, index) => ({
      to: `+63917555${String(1_000 + index)}`,
      text: `Message ${index}`,
    }));
    const defaults = { from: 'BINDERY' };
    await stack.client.bindery.createBatch({ lane: 'transactional', defaults, items });
    const { submits } = operator.simulator;
    await until('the first submits', TIMEOUT_MS, () => submits.length >= BEFORE);
    waiting = MESSAGES - submits.length;
    stack.replaceBinder();
    await until('submits of the new binder', TIMEOUT_MS, () => {
      const [{ link: first } = { link: 0 }] = submits;
      return submits.filter(({ link }) => link !== first).length >= AFTER;
    });
  }, 180_000);

  afterAll(tearDown);

  test('which did happen: the new one was healthy, then the old one drained and ended', () => {
    expect(waiting).toBeGreaterThanOrEqual(WAITING);
    const states = stack.observed.filter((text) => /^task \S+-[12]: (healthy|stopping|stopped)/.test(text));
    expect(states.map((text) => text.replace(/^task \S+-(\d): (\w+).*/, '$1 $2'))).toEqual([
      '1 healthy',
      '2 healthy',
      '1 stopping',
      '1 stopped',
    ]);
    const links = new Set(operator.simulator.submits.map(({ link }) => link));
    expect(links.size).toBe(2);
  });

  test('and the operator waits for the next submit no longer than seconds', async () => {
    const arrivals = await operator.arrivals();
    const gaps = arrivals.slice(1).map(({ notAfterMs }, index) => notAfterMs - (arrivals[index]?.notBeforeMs ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(MOST_GAP_MS);
  });

  test('and never counts more than the rate in a second, the hand-over included', async () => {
    expect(overRate(await operator.arrivals(), SEGMENTS_PER_SECOND)).toEqual([]);
  });

  test('and no message arrives twice, and no session is refused', () => {
    const numbers = operator.simulator.submits.map(({ destination }) => destination);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    const refused = operator.simulator.events.filter((event) => event.kind === 'bind_answered' && event.status !== 0);
    expect(refused).toEqual([]);
  });
});
