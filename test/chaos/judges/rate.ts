import { overRate, worstSecond } from '../../e2e/rate.ts';
import type { Evidence, Finding } from '../evidence.ts';

/** Never over the rate, counted where the operator counts (promise P2). */
export function judgeRate({ arrivals, segmentsPerSecond }: Evidence): Finding {
  return {
    rows: [
      ['submits that came to the operator', arrivals.length],
      [`  most in any 1.000 s (limit ${segmentsPerSecond})`, worstSecond(arrivals)],
    ],
    broken: overRate(arrivals, segmentsPerSecond),
  };
}
