import type { BusRecord } from '../e2e/bus-record.ts';
import {
  answersAgainstFixtures,
  eventsAgainstTimelines,
  statesAgainstOutcomes,
  textsAgainstFixtures,
} from '../e2e/differences.ts';
import { type FixtureOperator, OPERATOR_SEGMENTS_PER_SECOND } from '../e2e/fixture-operator.ts';
import type { Ledger } from '../e2e/ledger.ts';
import { until } from '../e2e/until.ts';
import type { Stage } from './stage.ts';
import type { OperatorRate } from './summary.ts';

/** Events leave the table's stream a moment after the change itself. */
const EVENTS_TIMEOUT_MS = 15_000;
/** With work waiting nearly all of the rate is used, somewhat less on a busy machine; a short run can't tell. */
const LEAST_AVERAGE = 0.9 * OPERATOR_SEGMENTS_PER_SECOND;
const ENOUGH_SUBMITS = 100;

/** One view of what happened, compared with what should have. */
export interface Judgement {
  /** For the table: what was compared, and what came of it. */
  observed: [name: string, finding: string][];
  /** What is not as expected; empty when all is well. */
  problems: string[];
}

function judgeOperator({ simulator }: FixtureOperator, ledger: Ledger): Judgement {
  const texts = textsAgainstFixtures(simulator.messages(), ledger.all);
  const unequal = new Set(texts.map((line) => line.split(':')[0])).size;
  return {
    observed: [['texts equal at the operator', `${ledger.entries.size - unequal} of ${ledger.entries.size}`]],
    problems: [...statesAgainstOutcomes(ledger.all), ...texts],
  };
}

function judgeRate({ worstSecond, whileWorkWaited, average = 0 }: OperatorRate): Judgement {
  const tooFast = worstSecond > OPERATOR_SEGMENTS_PER_SECOND;
  const tooSlow = whileWorkWaited >= ENOUGH_SUBMITS && average < LEAST_AVERAGE;
  return {
    observed: [],
    problems: [
      ...(tooFast ? [`${worstSecond} submits came within one second at the operator`] : []),
      ...(tooSlow ? [`only ${average.toFixed(2)} segments a second came to the operator while work waited`] : []),
    ],
  };
}

async function judgeBus(bus: BusRecord, ledger: Ledger): Promise<Judgement> {
  const differences = () => eventsAgainstTimelines(bus, ledger.finals);
  const complete = () => differences().length === 0;
  await until('the events of all changes', EVENTS_TIMEOUT_MS, complete).catch(() => undefined);
  const problems = differences();
  const finding = problems.length === 0 ? `${bus.size}, each change once` : `${bus.size}`;
  return { observed: [['events on the bus', finding]], problems };
}

/** Everything that the stage let us see, against the fixtures and against each other. */
export async function judge({ operator, bus }: Stage, ledger: Ledger, rate?: OperatorRate): Promise<Judgement> {
  const views: Judgement[] = [{ observed: [], problems: answersAgainstFixtures(ledger) }];
  if (operator !== undefined) views.push(judgeOperator(operator, ledger));
  if (rate !== undefined) views.push(judgeRate(rate));
  if (bus !== undefined) views.push(await judgeBus(bus, ledger));
  return {
    observed: views.flatMap(({ observed }) => observed),
    problems: views.flatMap(({ problems }) => problems),
  };
}
