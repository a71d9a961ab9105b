import type { Behaviour, Link } from '../../binder/simulator/behaviour.ts';
import type { Pdu } from '../../binder/smpp/pdu.ts';

type Submit = Extract<Pdu, { command: 'submit_sm' }>;

/** When a behaviour is in force. The parts from which misbehaviours are put together. */

/** Only while the condition holds for the connection, e.g. `({ id }) => id === 1` for the first one alone. */
export function when(condition: (link: Link) => boolean, behaviour: Behaviour): Behaviour {
  const { connected, received, sending, writing, receipts } = behaviour;
  return {
    ...(connected && { connected: (link) => condition(link) && connected(link) }),
    ...(received && { received: (link, pdu, next) => (condition(link) ? received(link, pdu, next) : next(pdu)) }),
    ...(sending && { sending: (link, pdu, next) => (condition(link) ? sending(link, pdu, next) : next(pdu)) }),
    ...(writing && {
      writing: (link, octets, next) => (condition(link) ? writing(link, octets, next) : next(octets)),
    }),
    ...(receipts && { receipts }),
  };
}

/** Does something to a connection `delayMs` after it was bound. */
export function afterBind(delayMs: number, action: (link: Link) => void): Behaviour {
  return {
    sending: (link, pdu, next) => {
      next(pdu);
      if (isBindResp(pdu) && pdu.status === 0) link.after(delayMs, () => action(link));
    },
  };
}

/** Does something at every nth submit_sm, counted over all connections, instead of handling it. */
export function everySubmits(n: number, action: (link: Link, pdu: Pdu, next: (pdu: Pdu) => void) => void): Behaviour {
  let count = 0;
  return {
    received: (link, pdu, next) => {
      if (pdu.command === 'submit_sm') count += 1;
      if (pdu.command === 'submit_sm' && count % n === 0) action(link, pdu, next);
      else next(pdu);
    },
  };
}

/** Answers submits with an error as long as `refuses` says so, without asking the message centre. */
export function refuseSubmits(status: number, refuses: (link: Link, submit: Submit) => boolean): Behaviour {
  return {
    received: (link, pdu, next) => {
      if (pdu.command !== 'submit_sm' || !refuses(link, pdu)) return next(pdu);
      link.send({ command: 'submit_sm_resp', status, sequence: pdu.sequence });
    },
  };
}

/** Changes each PDU of one command on its way out. */
export function changing<C extends Pdu['command']>(
  command: C,
  change: (pdu: Extract<Pdu, { command: C }>) => Pdu,
): Behaviour {
  return {
    sending: (_link, pdu, next) => next(pdu.command === command ? change(pdu as Extract<Pdu, { command: C }>) : pdu),
  };
}

export function isBindResp(pdu: Pdu): boolean {
  return pdu.command.startsWith('bind_') && pdu.command.endsWith('_resp');
}

export function isBind(pdu: Pdu): boolean {
  return pdu.command.startsWith('bind_') && !pdu.command.endsWith('_resp');
}
