// The host of a chaos run's stack: calls of AWS can be made to fail, and binds are signed.
import { seededRandom } from '../../binder/simulator/random.ts';
import { hostStack } from '../e2e/stack-host.ts';
import { type CallFault, type CallFaultKind, CallFaults } from '../misbehaviours/aws.ts';
import { signing } from './signed-binds.ts';

export type ChaosOrder = { kind: 'fail_calls'; faults: readonly CallFault[] } | { kind: 'report_hits' };
export interface HitsReport {
  kind: 'hits';
  hits: [CallFaultKind, number][];
}

const [seed = '1'] = process.argv.slice(2);
const calls = new CallFaults(seededRandom(Number(seed)));

hostStack({ intercept: (call, proceed) => calls.intercept(call, (passed) => signing(passed, proceed)) });

process.on('message', (order: ChaosOrder) => {
  if (order.kind === 'fail_calls') calls.faults = order.faults;
  if (order.kind === 'report_hits') process.send?.({ kind: 'hits', hits: [...calls.hits] } satisfies HitsReport);
});
