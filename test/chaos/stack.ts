import { join } from 'node:path';
import type { OperatorOptions } from '../../cdk/local/options.ts';
import { RunningStack } from '../e2e/running-stack.ts';
import type { Report } from '../e2e/stack-host.ts';
import { until } from '../e2e/until.ts';
import type { CallFault, CallFaultKind } from '../misbehaviours/aws.ts';
import type { ChaosOrder, HitsReport } from './stack-process.ts';

const PROGRAM = join(import.meta.dirname, 'stack-process.ts');
const ANSWER_TIMEOUT_MS = 10_000;
const BINDERS = 2;

/** Shorter than anybody's in production: what takes a minute there must happen several times in one here. */
const TIMERS = {
  connectMs: 3_000,
  bindMs: 3_000,
  enquireLinkMs: 4_000,
  enquireLinkAnswerMs: 2_000,
  submitAnswerMs: 5_000,
};

export const ACCOUNT = 'smpp-asia';

/** The stack of a chaos run: two binders, one account, and AWS as bad as it is told to be. */
export class ChaosStack extends RunningStack {
  #hits: HitsReport['hits'] | undefined;

  /** @param seed for which of the calls fail */
  constructor(seed: number, onObserved: (text: string) => void) {
    super(PROGRAM, [String(seed)]);
    this.child.on('message', (report: HitsReport | Report) => {
      if (report.kind === 'hits') this.#hits = report.hits;
      if (report.kind === 'observed') onObserved(report.text);
    });
  }

  /** From now on these and no others. */
  failCalls(faults: readonly CallFault[]): void {
    this.#tell({ kind: 'fail_calls', faults });
  }

  /** How many calls have failed, by kind. */
  async callsHit(): Promise<Map<CallFaultKind, number>> {
    this.#hits = undefined;
    this.#tell({ kind: 'report_hits' });
    return new Map(await until('the calls that were hit', ANSWER_TIMEOUT_MS, () => this.#hits));
  }

  #tell(order: ChaosOrder): void {
    this.child.send(order);
  }
}

/** @throws where the stack does not start, with its reason */
export async function startChaosStack(options: {
  stateDirectory: string;
  operator: OperatorOptions;
  segmentsPerSecond: number;
  seed: number;
  /** Told what the stack notices, from its start on. */
  onObserved: (text: string) => void;
}): Promise<ChaosStack> {
  const { stateDirectory, operator, segmentsPerSecond, seed, onObserved } = options;
  const stack = new ChaosStack(seed, onObserved);
  const account = { profile: ACCOUNT, segmentsPerSecond, timers: TIMERS };
  const context = { 'bindery:accounts': [account], 'bindery:binder': { count: BINDERS }, 'bindery:testMode': false };
  await stack.start({ stateDirectory, operator, context });
  return stack;
}
