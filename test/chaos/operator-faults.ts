import type { Behaviour, Link } from '../../binder/simulator/behaviour.ts';
import { STATUS } from '../../binder/smpp/status.ts';
import { answersReversed, answersTwice, lateAnswers, losesAnswers, throttleAlways } from '../misbehaviours/answers.ts';
import { ignoreBinds, refuseBinds } from '../misbehaviours/binds.ts';
import {
  receiptBeforeAnswer,
  receiptsForUnknownIds,
  receiptsReversed,
  receiptsTwice,
} from '../misbehaviours/receipts.ts';
import { afterBind, refuseSubmits, when } from '../misbehaviours/when.ts';
import { octetByOctet, resetMidPdu, slowLine } from '../misbehaviours/wire.ts';
import type { FaultOf } from './faults.ts';
import type { ChaosOperator } from './operator.ts';

/** Begins a fault; what it returns ends it. */
type Begin = (operator: ChaosOperator, strength: number) => () => void;

const NOTHING = (): void => undefined;
const LATEST_ANSWER_MS = 8_000;
const SLOWEST_LINE_MS = 800;

export const OPERATOR_FAULTS: Readonly<Record<FaultOf<'operator' | 'receipts'>, Begin>> = {
  drop: ({ simulator }, strength) => {
    simulator.dropConnections(strength < 0.7 ? 'reset' : 'end');
    return NOTHING;
  },
  'cut-mid-pdu': behaving(() => resetMidPdu(3)),
  unbind: ({ simulator }) => {
    for (const link of simulator.links) if (link.systemId !== undefined) link.request({ command: 'unbind' });
    return NOTHING;
  },
  'refuse-binds': rebinding(() => refuseBinds(STATUS.systemError)),
  'ignore-binds': rebinding(() => ignoreBinds()),
  silence: beginSilence,
  'half-open': beginHalfOpen,
  throttle: behaving(throttleAlways),
  'queue-full': behaving(() => refuseSubmits(STATUS.queueFull, () => true)),
  busy: behaving((strength) =>
    refuseEveryOther(strength < 0.5 ? STATUS.systemError : STATUS.temporaryApplicationError),
  ),
  'late-answers': behaving((strength) => lateAnswers(500 + strength * LATEST_ANSWER_MS)),
  'reordered-answers': behaving(() => answersReversed(4, 600)),
  'repeated-answers': behaving(answersTwice),
  'lost-answers': behaving(() => losesAnswers(3)),
  'slow-line': behaving((strength) => slowLine(100 + strength * SLOWEST_LINE_MS)),
  'octet-by-octet': beginOctetByOctet,
  'receipts-first': (operator) => {
    const end = operator.simulator.behave(receiptBeforeAnswer());
    operator.hurried = true;
    return () => {
      operator.hurried = false;
      end();
    };
  },
  'receipts-twice': behaving(receiptsTwice),
  'receipts-reversed': behaving(() => receiptsReversed(4, 800)),
  'receipts-never': behaving(() => ({ receipts: () => [] })),
  'receipts-unknown': behaving(receiptsForUnknownIds),
};

function behaving(behaviour: (strength: number) => Behaviour): Begin {
  return ({ simulator }, strength) => simulator.behave(behaviour(strength));
}

/** Of use only where somebody has to bind. */
function rebinding(behaviour: () => Behaviour): Begin {
  return ({ simulator }) => {
    const end = simulator.behave(behaviour());
    simulator.dropConnections();
    return end;
  };
}

function refuseEveryOther(status: number): Behaviour {
  let count = 0;
  return refuseSubmits(status, () => (count += 1) % 2 === 0);
}

/** A connection that began so goes on so: what is left of a PDU must not meet the next one. */
function beginOctetByOctet({ simulator }: ChaosOperator): () => void {
  let lasts = true;
  const touched = new WeakSet<Link>();
  const isTouched = (link: Link): boolean => {
    if (lasts) touched.add(link);
    return touched.has(link);
  };
  simulator.behave(when(isTouched, octetByOctet()));
  return () => {
    lasts = false;
  };
}

/** What should have left in the meantime leaves at the end, in its order. */
function beginSilence({ simulator }: ChaosOperator): () => void {
  let held: (() => void)[] = [];
  const end = simulator.behave({ writing: (_link, octets, next) => void held.push(() => next(octets)) });
  return () => {
    end();
    for (const release of held) release();
    held = [];
  };
}

/** What the operator has not read by the end it never reads. */
function beginHalfOpen({ simulator, deafSinceMs }: ChaosOperator): () => void {
  const deaf = new Set<Link>();
  const stop = (link: Link): void => {
    link.pause();
    deafSinceMs.set(link.id, link.now());
    deaf.add(link);
  };
  for (const link of simulator.links) stop(link);
  const end = simulator.behave(afterBind(0, stop));
  return () => {
    end();
    for (const link of deaf) link.reset();
  };
}
