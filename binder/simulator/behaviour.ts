import type { BindType, Pdu, PduBody } from '../smpp/pdu.ts';
import type { Receipt } from './receipt.ts';

/** A connection as behaviours see it. */
export interface Link {
  /** Counts connections from 1. */
  readonly id: number;
  /** Set once bound. */
  readonly systemId: string | undefined;
  readonly bindType: BindType | undefined;
  readonly submitsReceived: number;
  /** Written and not yet taken by the operating system. */
  readonly unsentOctets: number;
  /** Monotonic milliseconds. */
  now(): number;
  /** Runs `action` later unless the connection has ended by then. The returned function cancels. */
  after(delayMs: number, action: () => void): () => void;
  /** Sends through all behaviours, like the message centre itself. */
  send(pdu: Pdu): void;
  /** As `send`, with the next sequence number of this link and status 0. */
  request(body: PduBody): void;
  /** Puts octets on the wire past all behaviours. */
  write(octets: Buffer): void;
  /** Stops reading: what the peer writes piles up in its own socket. */
  pause(): void;
  resume(): void;
  /** Closes after what was written. */
  end(): void;
  /** Closes with a TCP reset. */
  reset(): void;
}

/** Passes on what it is given by calling `next`: at once, later, changed, twice, or never. */
export type Hook<Value> = (link: Link, value: Value, next: (value: Value) => void) => void;

/**
 * One way in which a message centre differs from a good one. Each hook stands in the way of something that flows; without it
 * the message centre is as it should be. Several behaviours form a chain, the first one outermost.
 */
export interface Behaviour {
  /** A peer has connected and nothing was read yet. */
  connected?: (link: Link) => void;
  /** A PDU that parses has come; `next` hands it to the message centre. */
  received?: Hook<Pdu>;
  /** A PDU is about to leave; `next` encodes and writes it. */
  sending?: Hook<Pdu>;
  /** Octets are about to leave, a PDU at a time; `next` gives them to the socket. */
  writing?: Hook<Buffer>;
  /** What is sent for one receipt that falls due: it, nothing, or more. */
  receipts?: (receipt: Receipt) => Receipt[];
}

/** The behaviours in force. Changes count for everything that flows from then on. */
export class Behaviours {
  #list: readonly Behaviour[];

  constructor(list: readonly Behaviour[]) {
    this.#list = list;
  }

  /** Adds one at the inner end of the chain; the returned function takes it away again. */
  add(behaviour: Behaviour): () => void {
    this.#list = [...this.#list, behaviour];
    return () => {
      this.#list = this.#list.filter((other) => other !== behaviour);
    };
  }

  connected(link: Link): void {
    for (const behaviour of this.#list) behaviour.connected?.(link);
  }

  pass(stage: 'received' | 'sending', link: Link, pdu: Pdu, last: (pdu: Pdu) => void): void {
    const hooks = this.#list.flatMap((behaviour) => behaviour[stage] ?? []);
    chain(hooks, link, last)(pdu);
  }

  write(link: Link, octets: Buffer, last: (octets: Buffer) => void): void {
    const hooks = this.#list.flatMap((behaviour) => behaviour.writing ?? []);
    chain(hooks, link, last)(octets);
  }

  receipts(receipt: Receipt): Receipt[] {
    return this.#list.reduce(
      (receipts, behaviour) => receipts.flatMap((each) => behaviour.receipts?.(each) ?? [each]),
      [receipt],
    );
  }
}

function chain<Value>(hooks: readonly Hook<Value>[], link: Link, last: (value: Value) => void): (value: Value) => void {
  return hooks.reduceRight((next, hook) => (value: Value) => hook(link, value, next), last);
}
