import type { Behaviour } from '../../binder/simulator/behaviour.ts';
import type { Pdu } from '../../binder/smpp/pdu.ts';
import { isBind, isBindResp } from './when.ts';

/** Refuses the first `times` binds with a status. */
export function refuseBinds(status: number, times = Number.POSITIVE_INFINITY): Behaviour {
  let left = times;
  return {
    received: (link, pdu, next) => {
      if (!isBind(pdu) || left <= 0) return next(pdu);
      left -= 1;
      link.send({ command: `${pdu.command}_resp`, status, sequence: pdu.sequence } as Pdu);
    },
  };
}

/** Another session holds on to the system id for so long after the first bind: 0x05. */
export function alreadyBoundFor(durationMs: number): Behaviour {
  let sinceMs: number | undefined;
  return {
    received: (link, pdu, next) => {
      if (!isBind(pdu)) return next(pdu);
      sinceMs ??= link.now();
      if (link.now() - sinceMs >= durationMs) return next(pdu);
      link.send({ command: `${pdu.command}_resp`, status: 0x05, sequence: pdu.sequence } as Pdu);
    },
  };
}

/** Leaves the first `times` binds unanswered. */
export function ignoreBinds(times = Number.POSITIVE_INFINITY): Behaviour {
  let left = times;
  return {
    received: (_link, pdu, next) => {
      if (!isBind(pdu) || left <= 0) return next(pdu);
      left -= 1;
    },
  };
}

/** Answers the first `times` binds well and closes at once. */
export function closeAfterBind(times = Number.POSITIVE_INFINITY): Behaviour {
  let left = times;
  return {
    sending: (link, pdu, next) => {
      next(pdu);
      if (!isBindResp(pdu) || left <= 0) return;
      left -= 1;
      link.end();
    },
  };
}
