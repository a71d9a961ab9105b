import type { Behaviour, Link } from '../../binder/simulator/behaviour.ts';
import { lineLatency } from '../../binder/simulator/latency.ts';
import { afterBind, everySubmits } from './when.ts';

/** From each connection's nth submit on nothing leaves any more; what comes is still read. */
export function silentFromSubmit(n: number): Behaviour {
  return { writing: (link, octets, next) => link.submitsReceived < n && next(octets) };
}

/** Half open: `delayMs` after the bind it stops reading, and answers nothing that it has not read. */
export function stopReading(delayMs = 0): Behaviour {
  return afterBind(delayMs, (link) => link.pause());
}

/** Each octet goes out in a write of its own, `gapMs` after the one before. */
export function octetByOctet(gapMs = 0): Behaviour {
  const queues = new WeakMap<Link, number[]>();
  const pump = (link: Link, queue: number[], next: (octets: Buffer) => void): void => {
    const octet = queue.shift();
    if (octet === undefined) return;
    next(Buffer.of(octet));
    link.after(gapMs, () => pump(link, queue, next));
  };
  return {
    writing: (link, octets, next) => {
      const queue = queues.get(link) ?? [];
      queues.set(link, queue);
      const idle = queue.length === 0;
      queue.push(...octets);
      if (idle) link.after(0, () => pump(link, queue, next));
    },
  };
}

/** Two PDUs share one write; a lone one waits `holdMs` for company. */
export function twoPdusAWrite(holdMs = 20): Behaviour {
  const held = new WeakMap<Link, { octets: Buffer; cancel: () => void }>();
  return {
    writing: (link, octets, next) => {
      const first = held.get(link);
      if (first === undefined) {
        const flush = (): void => {
          held.delete(link);
          next(octets);
        };
        held.set(link, { octets, cancel: link.after(holdMs, flush) });
        return;
      }
      held.delete(link);
      first.cancel();
      next(Buffer.concat([first.octets, octets]));
    },
  };
}

/** Half of the answer to every nth submit goes out, nothing after it, then a TCP reset. */
export function resetMidPdu(n: number): Behaviour {
  const cut = new WeakSet<Link>();
  const silent = new WeakSet<Link>();
  const trigger = everySubmits(n, (link, pdu, next) => {
    cut.add(link);
    next(pdu);
  });
  return {
    ...trigger,
    writing: (link, octets, next) => {
      if (silent.has(link)) return;
      if (!cut.has(link)) return next(octets);
      silent.add(link);
      next(octets.subarray(0, octets.length >> 1));
      // A reset at once would take the half PDU out of the sender's buffer again.
      link.after(20, () => link.reset());
    },
  };
}

/** Sends a header with this command_length `delayMs` after the bind, and 16 octets that may or may not belong to it. */
export function badLength(length: number, delayMs = 10): Behaviour {
  const octets = Buffer.from('00000000000000150000000000000001'.repeat(2), 'hex');
  octets.writeUInt32BE(length, 0);
  return rawAfterBind(octets, delayMs);
}

/** Sends any octets `delayMs` after the bind. */
export function rawAfterBind(octets: Buffer, delayMs = 10): Behaviour {
  return afterBind(delayMs, (link) => link.write(octets));
}

/** A deliver_sm, sequence number 99, that ends in the middle of its source address. */
export function truncatedDeliver(): Behaviour {
  return rawAfterBind(Buffer.from('00000019000000050000000000000063000101303931373132', 'hex'));
}

/** A command that SMPP 3.4 does not define, with sequence number 77. */
export function unknownCommand(): Behaviour {
  return rawAfterBind(Buffer.from('0000001400000777000000000000004dabcdabcd', 'hex'));
}

/** Unbinds at every nth submit, which it leaves unanswered. */
export function unbindEvery(n: number): Behaviour {
  return everySubmits(n, (link) => link.request({ command: 'unbind' }));
}

/** Cuts the connection at every nth submit, which it leaves unanswered. */
export function dropEvery(n: number): Behaviour {
  return everySubmits(n, (link) => link.reset());
}

/** Sends an enquire_link every so often. */
export function enquiring(everyMs: number): Behaviour {
  const enquire = (link: Link): void => {
    link.request({ command: 'enquire_link' });
    link.after(everyMs, () => enquire(link));
  };
  return afterBind(everyMs, enquire);
}

export function ignoreEnquireLinks(): Behaviour {
  return { received: (_link, pdu, next) => pdu.command !== 'enquire_link' && next(pdu) };
}

export const slowLine = lineLatency;
