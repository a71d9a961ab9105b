import { describe, expect, test } from 'vitest';
import { MetricsReporter } from '../../../binder/metrics/reporter.ts';
import { type MetricValues, Tally } from '../../../binder/metrics/tally.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

const intervalMs = 60_000;
const EPOCH_MS = 1_800_000_000_000;

function reporterOf(...names: string[]) {
  const clock = new SimulatedClock(0);
  const lines: Line[] = [];
  const accounts = names.map((name) => ({
    name,
    tally: new Tally(),
    states: undefined as MetricValues | undefined,
    measure() {
      return this.states;
    },
  }));
  const reporter = new MetricsReporter({
    stage: 'test',
    accounts,
    intervalMs,
    clock,
    wallClock: () => EPOCH_MS + clock.now(),
    write: (line) => lines.push(JSON.parse(line) as Line),
  });
  reporter.start();
  return { clock, lines, accounts, reporter };
}

const bound: MetricValues = new Map([
  ['Bound', 1],
  ['OldestUnanswered', 0],
]);

interface Line extends Record<string, unknown> {
  _aws: { Timestamp: number; CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
}

/** The metrics of a line, as CloudWatch reads them: names in the directive, values beside it. */
function metricsOf(line: Line): Record<string, unknown> {
  const directives = line._aws.CloudWatchMetrics;
  return Object.fromEntries(directives.flatMap(({ Metrics }) => Metrics.map(({ Name }) => [Name, line[Name]])));
}

describe('metrics', () => {
  test('are one line an account and interval, in the embedded metric format', async () => {
    const { clock, lines, accounts } = reporterOf('main', 'second');
    for (const account of accounts) account.states = bound;
    accounts[0]?.tally.count('ReceiptsStored', 4);

    await clock.passMs(intervalMs);

    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual({
      _aws: {
        Timestamp: EPOCH_MS + intervalMs,
        CloudWatchMetrics: [
          {
            Namespace: 'Bindery',
            Dimensions: [['Stage', 'Account']],
            Metrics: [
              { Name: 'Bound', Unit: 'Count' },
              { Name: 'OldestUnanswered', Unit: 'Milliseconds' },
              { Name: 'Submits', Unit: 'Count' },
              { Name: 'Refused', Unit: 'Count' },
              { Name: 'ReceiptsStored', Unit: 'Count' },
            ],
          },
        ],
      },
      message: 'metrics',
      program: 'binder',
      Stage: 'test',
      Account: 'main',
      Bound: 1,
      OldestUnanswered: 0,
      Submits: 0,
      Refused: 0,
      ReceiptsStored: 4,
    });
    expect(lines[1]).toMatchObject({ Account: 'second', Bound: 1 });
  });

  test('are told again at each interval, each event once', async () => {
    const { clock, lines, accounts } = reporterOf('main');
    const [main] = accounts;
    if (main) main.states = bound;
    main?.tally.count('ReceiptsStored');

    await clock.passMs(3 * intervalMs);

    expect(lines.map((line) => metricsOf(line)['ReceiptsStored'])).toEqual([1, undefined, undefined]);
  });

  test('are told by the owner of the account only: a standby would say that it is not bound', async () => {
    const { clock, lines } = reporterOf('main');

    await clock.passMs(3 * intervalMs);

    expect(lines).toEqual([]);
  });

  test('of a term that is over are told in the next line, without how things stand', async () => {
    const { clock, lines, accounts } = reporterOf('main');
    accounts[0]?.tally.count('LeasesReleased');
    accounts[0]?.tally.waited('otp', 10);

    await clock.passMs(2 * intervalMs);

    expect(lines).toHaveLength(1);
    expect(lines.map(metricsOf)).toEqual([
      {
        Submits: 0,
        Refused: 0,
        LeasesReleased: 1,
        LaneWaitOtpP50: expect.any(Number),
        LaneWaitOtpP99: expect.any(Number),
      },
    ]);
  });

  test('that have not been told when the process stops are told then, and nothing after', async () => {
    const { clock, lines, accounts, reporter } = reporterOf('main');
    await clock.passMs(intervalMs / 2);
    accounts[0]?.tally.count('ReceiptsStored', 2);

    reporter.stop();
    await clock.passMs(5 * intervalMs);

    expect(lines.map(metricsOf)).toEqual([{ Submits: 0, Refused: 0, ReceiptsStored: 2 }]);
  });

  test('have no name that is not in the table', async () => {
    const { clock, lines, accounts } = reporterOf('main');
    const [main] = accounts;
    if (main) main.states = new Map([...bound, ['AnswersOfMyOwn', 3]]);

    await clock.passMs(intervalMs);

    expect(lines[0]).not.toHaveProperty('AnswersOfMyOwn');
  });
});
