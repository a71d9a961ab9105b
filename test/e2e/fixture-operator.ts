import type { Outcome } from '../../binder/simulator/outcome.ts';
import type { SimulatorOptions } from '../../binder/simulator/settings.ts';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';
import { type Outcome as FixtureOutcome, outcomes } from '../fixtures/messages.ts';

export const SYSTEM_ID = 'bindery-e2e';
/** Like nothing else, so that it would be found wherever it leaked to; eight characters is all that SMPP has room for. */
export const PASSWORD = 'pQ7zX4wK';
export const OPERATOR_SEGMENTS_PER_SECOND = 10;

const RECEIPTS = {
  delivered: 'DELIVRD',
  undelivered: 'UNDELIV',
  expired: 'EXPIRED',
  unknown: 'UNKNOWN',
} as const satisfies Record<FixtureOutcome, Outcome['receipt']>;

/** 09xxxxxxxxx, as it stands on the wire, in E.164. */
export function e164Of(destination: string): string {
  return `+63${destination.slice(1)}`;
}

/**
 * A simulated operator that decides about each number as the fixtures say, and takes one session at a time: a second bind
 * would be refused, and so come to light.
 */
export async function startFixtureOperator(options: SimulatorOptions = {}): Promise<Simulator> {
  return await startSimulator({
    systems: [
      { systemId: SYSTEM_ID, password: PASSWORD, submitsPerSecond: OPERATOR_SEGMENTS_PER_SECOND, maxSessions: 1 },
    ],
    decide: ({ destination }) => ({ receipt: RECEIPTS[outcomes.get(e164Of(destination)) ?? 'delivered'] }),
    ...options,
  });
}

/** When each submit_sm came, refused ones included: monotonic milliseconds. */
export function arrivals({ submits }: Simulator): number[] {
  return submits.map(({ atMs }) => atMs);
}
