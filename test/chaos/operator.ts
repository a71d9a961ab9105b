import type { Behaviour } from '../../binder/simulator/behaviour.ts';
import type { Outcome, SubmittedSegment } from '../../binder/simulator/outcome.ts';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';
import type { Bind, Pdu } from '../../binder/smpp/pdu.ts';
import { e164Of } from '../e2e/fixture-operator.ts';
import type { Arrival } from '../e2e/rate.ts';
import { WireTap } from '../e2e/wire-tap.ts';
import { isBind } from '../misbehaviours/when.ts';
import { signerOf } from './signed-binds.ts';
import type { Verdict } from './traffic.ts';

export const SYSTEM_ID = 'bindery-chaos';
/** Like nothing else, so that it would be found wherever it leaked to. */
export const PASSWORD = 'xR5mT9vJ';

const RECEIPT_DELAY_MS = 600;
const RECEIPT_RETRY_MS = 2_000;
const RECEIPT_ANSWER_TIMEOUT_MS = 4_000;
const INVALID_DESTINATION = 0x0b;
const REJECTED = 0x66;
/** For every other number the operator refuses what it has taken before: such filters exist, and are never announced. */
const DROPS_REPEATS = /[13579]$/;

const OUTCOMES: Readonly<Record<Verdict, Outcome>> = {
  delivered: { receipt: 'DELIVRD' },
  undelivered: { receipt: 'UNDELIV' },
  expired: { receipt: 'EXPIRED' },
  unknown: { receipt: 'UNKNOWN' },
  refused: { status: INVALID_DESTINATION },
};

/** The operator of a chaos run: a simulated one behind a tap that measures, which knows who binds. */
export class ChaosOperator {
  readonly simulator: Simulator;
  readonly #tap: WireTap;
  /** The task at the other end, by connection. */
  readonly owners: ReadonlyMap<number, number>;
  /** When a connection was last read from, for those that were abandoned by us: monotonic milliseconds. */
  readonly deafSinceMs = new Map<number, number>();
  /** Receipts leave at once. */
  hurried = false;

  private constructor(simulator: Simulator, tap: WireTap, owners: ReadonlyMap<number, number>) {
    this.simulator = simulator;
    this.#tap = tap;
    this.owners = owners;
  }

  /** @param verdictOf by E.164 number */
  static async start(options: {
    submitsPerSecond: number;
    seed: number;
    verdictOf: (to: string) => Verdict | undefined;
  }): Promise<ChaosOperator> {
    const owners = new Map<number, number>();
    const taken = new Set<string>();
    const decide = ({ destination, segmentIndex }: SubmittedSegment): Outcome => {
      const place = `${destination} ${segmentIndex}`;
      if (DROPS_REPEATS.test(destination) && taken.has(place)) return { status: REJECTED };
      const outcome = OUTCOMES[options.verdictOf(e164Of(destination)) ?? 'delivered'];
      if (outcome.status === undefined) taken.add(place);
      return operator.hurried ? { ...outcome, delayMs: 0 } : outcome;
    };
    const simulator = await startSimulator({
      // Stops what is out of all bounds. Whether the rate is kept, the tap knows better: see e2e/wire-tap-process.ts.
      systems: [{ systemId: SYSTEM_ID, password: PASSWORD, submitsPerSecond: 2 * options.submitsPerSecond }],
      decide,
      receiptDelayMs: RECEIPT_DELAY_MS,
      receiptRetryMs: RECEIPT_RETRY_MS,
      receiptAnswerTimeoutMs: RECEIPT_ANSWER_TIMEOUT_MS,
      seed: options.seed,
      behaviours: [readingSignatures(PASSWORD, owners)],
    });
    const operator = new ChaosOperator(simulator, new WireTap(simulator), owners);
    return operator;
  }

  async credentials(): Promise<{ url: string; systemId: string; password: string }> {
    return { url: await this.#tap.url(), systemId: SYSTEM_ID, password: PASSWORD };
  }

  /** When each submit_sm came over the wire, refused ones included. */
  async arrivals(): Promise<Arrival[]> {
    return await this.#tap.arrivals();
  }

  async close(): Promise<void> {
    this.#tap.close();
    await this.simulator.close();
  }
}

/** Notes which task binds, by connection, and lets its bind pass as the account's. */
export function readingSignatures(password: string, owners = new Map<number, number>()): Behaviour {
  return {
    received: (link, pdu, next) => {
      const task = isBind(pdu) ? signerOf((pdu as Bind & Pdu).password) : undefined;
      if (task === undefined) return next(pdu);
      owners.set(link.id, task);
      next({ ...pdu, password } as Pdu);
    },
  };
}
