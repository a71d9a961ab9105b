import type { Figure } from './figure.ts';
import type { PacedRuns } from './stage/paced-runs.ts';
import type { Watch } from './watch.ts';

export interface BenchContext {
  watch: Watch;
  /** Runs at the operator's rate that more than one bench looks at. */
  paced: PacedRuns;
  /** 1 for numbers that count; less makes everything shorter, to try a bench. */
  scale: number;
}

export interface Bench {
  title: string;
  run(context: BenchContext): Promise<Figure[]>;
}
