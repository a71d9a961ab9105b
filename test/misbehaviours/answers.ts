import type { Behaviour } from '../../binder/simulator/behaviour.ts';
import { LastSecond } from '../../binder/simulator/last-second.ts';
import type { Pdu } from '../../binder/smpp/pdu.ts';
import { changing, everySubmits, refuseSubmits } from './when.ts';

const THROTTLED = 0x58;
const QUEUE_FULL = 0x14;

/** Throttles above a rate lower than the one that was agreed. */
export function throttleAbove(submitsPerSecond: number): Behaviour {
  const taken = new LastSecond();
  return refuseSubmits(THROTTLED, (link) => {
    if (taken.count(link.now()) >= submitsPerSecond) return true;
    taken.add(link.now());
    return false;
  });
}

export function throttleAlways(): Behaviour {
  return refuseSubmits(THROTTLED, () => true);
}

/** Throttles everything for so long after the first submit. */
export function throttleFor(durationMs: number): Behaviour {
  return refusingFor(THROTTLED, durationMs);
}

export function queueFullFor(durationMs: number): Behaviour {
  return refusingFor(QUEUE_FULL, durationMs);
}

/** Refuses the first `times` submits with a status. */
export function refuseFirst(status: number, times: number): Behaviour {
  let left = times;
  return refuseSubmits(status, () => left-- > 0);
}

/** Refuses whatever has this text, for ever. */
export function refuseText(status: number, text: string): Behaviour {
  return refuseSubmits(status, (_link, { shortMessage }) => shortMessage.toString('latin1') === text);
}

/** Leaves every nth submit unanswered, though the message centre takes it. */
export function losesAnswers(everyNth: number): Behaviour {
  const lost = new WeakMap<object, Set<number>>();
  const trigger = everySubmits(everyNth, (link, pdu, next) => {
    lost.set(link, (lost.get(link) ?? new Set()).add(pdu.sequence));
    next(pdu);
  });
  return {
    ...trigger,
    sending: (link, pdu, next) => {
      const swallow = pdu.command === 'submit_sm_resp' && lost.get(link)?.delete(pdu.sequence) === true;
      if (!swallow) next(pdu);
    },
  };
}

/** Answers to submits leave late. */
export function lateAnswers(delayMs: number): Behaviour {
  return {
    sending: (link, pdu, next) => {
      if (pdu.command === 'submit_sm_resp') link.after(delayMs, () => next(pdu));
      else next(pdu);
    },
  };
}

export function answersTwice(): Behaviour {
  return {
    sending: (_link, pdu, next) => {
      next(pdu);
      if (pdu.command === 'submit_sm_resp') next(pdu);
    },
  };
}

/** Besides the right answer, one for a sequence number that was never used. */
export function answersUnknownSequence(): Behaviour {
  return {
    sending: (_link, pdu, next) => {
      if (pdu.command === 'submit_sm_resp') next({ ...pdu, sequence: 0x7ffffff0 });
      next(pdu);
    },
  };
}

/** Answers to submits leave `count` at a time, the last first; after `holdMs` what there is. */
export function answersReversed(count: number, holdMs = 100): Behaviour {
  return reversed('submit_sm_resp', count, holdMs);
}

/** PDUs of one command leave in batches, the last first. For one connection at a time. */
export function reversed(command: Pdu['command'], count: number, holdMs: number): Behaviour {
  let held: (() => void)[] = [];
  let cancel = (): void => {};
  const flush = (): void => {
    cancel();
    for (const release of held.toReversed()) release();
    held = [];
  };
  return {
    sending: (link, pdu, next) => {
      if (pdu.command !== command) return next(pdu);
      if (held.length === 0) cancel = link.after(holdMs, flush);
      held.push(() => next(pdu));
      if (held.length >= count) flush();
    },
  };
}

/** Error answers carry a body, with an empty id. */
export function errorsWithBody(): Behaviour {
  return changing('submit_sm_resp', (pdu) => (pdu.status === 0 ? pdu : { ...pdu, messageId: '' }));
}

/** Good answers carry an empty id, or, without a body, none. */
export function okWithoutId({ body }: { body: boolean }): Behaviour {
  return changing('submit_sm_resp', (pdu) => {
    if (pdu.status !== 0) return pdu;
    const { messageId: _, ...bare } = pdu;
    return body ? { ...bare, messageId: '' } : bare;
  });
}

function refusingFor(status: number, durationMs: number): Behaviour {
  let sinceMs: number | undefined;
  return refuseSubmits(status, (link) => {
    sinceMs ??= link.now();
    return link.now() - sinceMs < durationMs;
  });
}
