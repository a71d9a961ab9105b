import { type Arrival, worstSecond } from '../../e2e/rate.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { type PacedRun, PER_SECOND } from '../stage/paced-runs.ts';
import { refusedPercent, utilisation } from '../stage/strict-operator.ts';

/** Promise P2. */
export const LEAST_UTILISATION = 99.5;
const OF = 'plain smpp client on setInterval(100 ms)';

export const rate: Bench = {
  title: '600 messages wait at 10 a second',
  run: async ({ paced }) => {
    const [bindery, plain] = [await paced.bindery(), await paced.plain()].map(seenByOperator);
    if (bindery === undefined || plain === undefined) throw new Error('nothing was run');
    const beside = (name: keyof typeof plain) => ({ of: OF, value: plain[name] });
    return [
      {
        what: 'of the rate that the operator took',
        unit: '%',
        measured: bindery.utilisation,
        baseline: beside('utilisation'),
        goal: { atLeast: LEAST_UTILISATION },
      },
      {
        what: 'most in any 1.000 s at the operator',
        unit: 'submits',
        measured: bindery.worst,
        baseline: beside('worst'),
        goal: { atMost: PER_SECOND },
      },
      {
        what: 'refused by an operator of 10 a second',
        unit: '%',
        measured: bindery.refused,
        baseline: beside('refused'),
        goal: { atMost: 0 },
      },
    ] satisfies Figure[];
  },
};

function seenByOperator({ submits }: PacedRun) {
  const arrivals: Arrival[] = submits.map(({ arrival }) => arrival);
  return {
    utilisation: utilisation(arrivals, PER_SECOND),
    worst: worstSecond(arrivals),
    refused: refusedPercent(arrivals, PER_SECOND),
  };
}
