import type { Outcome } from '../../binder/simulator/outcome.ts';
import type { SimulatorOptions } from '../../binder/simulator/settings.ts';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';
import { type Outcome as FixtureOutcome, outcomes } from '../fixtures/messages.ts';
import type { Arrival } from './rate.ts';
import { WireTap } from './wire-tap.ts';

export const SYSTEM_ID = 'bindery-e2e';
/** Like nothing else, so that it would be found wherever it leaked to; eight characters is all that SMPP has room for. */
export const PASSWORD = 'pQ7zX4wK';
export const OPERATOR_SEGMENTS_PER_SECOND = 10;
/**
 * The simulated operator's own clock is not exact enough to enforce the limit (see wire-tap-process.ts): it stops what is out of
 * all bounds, and whoever asks about the rate asks the tap.
 */
const ENFORCED_SEGMENTS_PER_SECOND = 2 * OPERATOR_SEGMENTS_PER_SECOND;

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

/** A simulated operator that decides about each number as the fixtures say, and what measures the way to it. */
export interface FixtureOperator {
  simulator: Simulator;
  /** For a binder. */
  credentials: { url: string; systemId: string; password: string };
  /** When each submit_sm came over the wire, refused ones included. */
  arrivals(): Promise<Arrival[]>;
  close(): Promise<void>;
}

/** It takes one session at a time: a second bind would be refused, and so come to light. */
export async function startFixtureOperator(options: SimulatorOptions = {}): Promise<FixtureOperator> {
  const system = { systemId: SYSTEM_ID, password: PASSWORD, maxSessions: 1 };
  const simulator = await startSimulator({
    systems: [{ ...system, submitsPerSecond: ENFORCED_SEGMENTS_PER_SECOND }],
    decide: ({ destination }) => ({ receipt: RECEIPTS[outcomes.get(e164Of(destination)) ?? 'delivered'] }),
    ...options,
  });
  const tap = new WireTap(simulator);
  const close = async (): Promise<void> => {
    tap.close();
    await simulator.close();
  };
  try {
    const credentials = { url: await tap.url(), systemId: SYSTEM_ID, password: PASSWORD };
    return { simulator, credentials, arrivals: () => tap.arrivals(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
