// The simulated operator, which notes when each submit_sm comes. It enforces no rate: how many an operator of ten a second would
// have refused is counted afterwards, from the same times for everybody.
import type { Behaviour } from '../../../binder/simulator/behaviour.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { Pdu, SubmitSm } from '../../../binder/smpp/pdu.ts';
import { ArrivalClock } from '../../e2e/arrival-clock.ts';
import type { Arrival } from '../../e2e/rate.ts';
import { PASSWORD, type Submit } from '../stage/operator.ts';
import { serve } from '../stage/remote.ts';

const NO_LIMIT = 1_000_000;
/** What is counted is counted here. */
const JOURNAL_LIMIT = 1_000;

const clock = new ArrivalClock();
let submits: Submit[] = [];
let simulator: Simulator | undefined;
let held: (() => void)[] | undefined;

const counting: Behaviour = {
  received: (link, pdu, next) => {
    if (pdu.command === 'submit_sm') note(link.id, link.systemId ?? '', pdu);
    next(pdu);
  },
  sending: (_link, pdu, next) => {
    if (held !== undefined && pdu.command === 'submit_sm_resp') held.push(() => next(pdu));
    else next(pdu);
  },
};

function note(link: number, systemId: string, { destination }: Pdu & SubmitSm): void {
  const arrival: Arrival = clock.now();
  submits.push({ link, systemId, to: destination.address, arrival, atEpochMs: Date.now() });
}

const requests = {
  start: async (systemIds: readonly string[]): Promise<{ url: string }> => {
    simulator = await startSimulator({
      systems: systemIds.map((systemId) => ({ systemId, password: PASSWORD, submitsPerSecond: NO_LIMIT })),
      decide: () => ({}),
      journalLimit: JOURNAL_LIMIT,
      behaviours: [counting],
    });
    return { url: simulator.url };
  },
  /** Answers no submit until told to: so work piles up in front of a window that is full. */
  hold: (): void => {
    held = [];
  },
  release: (): void => {
    const answers = held ?? [];
    held = undefined;
    for (const answer of answers) answer();
  },
  count: (): number => submits.length,
  /** Submits since the last call, oldest first. */
  take: (): Submit[] => {
    const taken = submits;
    submits = [];
    return taken;
  },
};
export type OperatorRequests = typeof requests;
serve(requests);
