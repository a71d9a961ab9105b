import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { acceptedMessages } from '../fixtures/messages.ts';
import { ApiClient } from './api-client.ts';
import { statesAgainstOutcomes, textsAgainstFixtures } from './differences.ts';
import {
  type FixtureOperator,
  OPERATOR_SEGMENTS_PER_SECOND,
  PASSWORD,
  SYSTEM_ID,
  startFixtureOperator,
} from './fixture-operator.ts';
import { Ledger } from './ledger.ts';
import { leaksIn } from './log-scan.ts';
import { gone, NpmScript, type Ready } from './npm-script.ts';
import { overRate } from './rate.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

/**
 * Long ones: the API accepts them faster than the operator takes their segments, on a busy machine too. Of a lane that sends again
 * what was never answered, so that each must arrive even where everything was killed.
 */
const fixtures = acceptedMessages.filter(
  ({ lane, expect }) => lane === 'transactional' && (expect.segments === 2 || expect.segments === 3),
);
/** A busy machine's API is hardly faster than the operator. */
const LEAST_WAITING = 5;
const SUBMITTED_FIRST = 10;
const FINAL_TIMEOUT_MS = 90_000;
/** What the processes of a stack that was killed need to notice it. */
const ORPHANS_END_MS = 20_000;

interface Scene {
  operator: FixtureOperator;
  stateDirectory: string;
  start: () => NpmScript;
}

async function setScene(): Promise<Scene> {
  const operator = await startFixtureOperator({ latencyMs: 50, receiptDelayMs: 500 });
  whenOver(() => operator.close());
  const stateDirectory = freshStateDirectory();
  const environment = { SMPP_URL: operator.credentials.url, SMPP_SYSTEM_ID: SYSTEM_ID, SMPP_PASSWORD: PASSWORD };
  const start = () => new NpmScript('start', ['--json', '--port', '0', '--state', stateDirectory], environment);
  return { operator, stateDirectory, start };
}

/** Sends everything and returns while some of it waits. */
async function sendAndLeaveWaiting(ready: Ready, operator: FixtureOperator): Promise<Ledger> {
  const ledger = new Ledger();
  await ledger.send(new ApiClient(ready), fixtures);
  await until('the first submits', 30_000, () => operator.simulator.submits.length >= SUBMITTED_FIRST);
  expect(completeAt(operator).size).toBeLessThanOrEqual(fixtures.length - LEAST_WAITING);
  return ledger;
}

/** Numbers that have got a whole message. */
function completeAt({ simulator }: FixtureOperator): Set<string> {
  const complete = simulator.messages().filter((message) => message.complete);
  return new Set(complete.map(({ destination }) => destination));
}

describe('a second npm start on the same state folder', () => {
  afterEach(tearDown);

  test('after SIGTERM: drains, and then finishes what waited, each message once', async () => {
    const { operator, stateDirectory, start } = await setScene();
    const first = start();
    const ready = await first.ready();
    expect(ready.smsc).toBe(operator.credentials.url);
    const ledger = await sendAndLeaveWaiting(ready, operator);
    const { processes } = first;
    await first.stop('SIGTERM');
    await gone(processes, ORPHANS_END_MS);
    expect(operator.simulator.events.at(-2)).toMatchObject({ kind: 'unbound', by: 'peer' });
    expect(completeAt(operator).size).toBeLessThan(fixtures.length);

    const again = await start().ready();
    expect(again.key).toBe(ready.key);
    const client = new ApiClient(again);
    expect((await client.message(ledger.waiting[0]!.accepted.id)).to).toBe(ledger.waiting[0]!.fixture.expect.e164);
    await ledger.untilFinal(client, { timeoutMs: FINAL_TIMEOUT_MS });
    expect(statesAgainstOutcomes(ledger.all)).toEqual([]);
    expect(textsAgainstFixtures(operator.simulator.messages(), ledger.all)).toEqual([]);
    expect(overRate(await operator.arrivals(), OPERATOR_SEGMENTS_PER_SECOND)).toEqual([]);
    expect(readdirSync(stateDirectory)).toContain('logs');
    expect(leaksIn(join(stateDirectory, 'logs'), fixtures, [ready.key, PASSWORD])).toEqual([]);
  });

  test('after SIGKILL: knows the messages, leaves no process behind, and loses nothing', async () => {
    const { operator, start } = await setScene();
    const first = start();
    const ready = await first.ready();
    const ledger = await sendAndLeaveWaiting(ready, operator);
    const { processes } = first;
    await first.stop('SIGKILL');

    const again = await start().ready();
    expect(again.key).toBe(ready.key);
    await gone(processes, ORPHANS_END_MS);
    await ledger.untilFinal(new ApiClient(again), { timeoutMs: FINAL_TIMEOUT_MS });
    expect(statesAgainstOutcomes(ledger.all)).toEqual([]);
    expect(completeAt(operator).size).toBe(fixtures.length);
    expect(overRate(await operator.arrivals(), OPERATOR_SEGMENTS_PER_SECOND)).toEqual([]);
  });
});
