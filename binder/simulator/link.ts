import type { Socket } from 'node:net';
import type { Clock } from '../session/clock.ts';
import { nextSequence } from '../session/sequence.ts';
import { decodePdu } from '../smpp/decode.ts';
import { encodePdu } from '../smpp/encode.ts';
import { Framer } from '../smpp/framer.ts';
import type { BindType, Decoded, Pdu, PduBody } from '../smpp/pdu.ts';
import type { Behaviours, Link } from './behaviour.ts';
import { Timers } from './timers.ts';

/** What a link tells the session on it. */
export interface LinkEvents {
  /** A PDU has come, before any behaviour touches it. */
  arrived(pdu: Pdu): void;
  received(decoded: Decoded): void;
  /** A PDU leaves, as the behaviours made it. */
  sent(pdu: Pdu): void;
  badLength(length: number): void;
  /** `cutOff`: the peer went away in the middle of a PDU. */
  closed(how: { cutOff: boolean }): void;
}

export interface LinkOptions {
  id: number;
  socket: Socket;
  clock: Clock;
  behaviours: Behaviours;
  maxLengthOctets: number;
  events: LinkEvents;
}

/** One TCP connection: octets to PDUs and back, through the behaviours. */
export class TcpLink implements Link {
  readonly id: number;
  systemId: string | undefined;
  bindType: BindType | undefined;
  submitsReceived = 0;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #behaviours: Behaviours;
  readonly #framer: Framer;
  readonly #events: LinkEvents;
  #sequence = 0;
  #paused = false;

  constructor({ id, socket, clock, behaviours, maxLengthOctets, events }: LinkOptions) {
    this.id = id;
    this.#socket = socket;
    this.#clock = clock;
    this.#timers = new Timers(clock);
    this.#behaviours = behaviours;
    this.#framer = new Framer({ maxLengthOctets });
    this.#events = events;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    // A peer that does not take its answers gets no more requests answered: memory stays bounded.
    socket.on('drain', () => this.#paused || socket.resume());
    // 'close' follows and says all that matters.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  /** Lets behaviours see the peer; to be called once its session is ready. */
  begin(): void {
    this.#behaviours.connected(this);
  }

  get unsentOctets(): number {
    return this.#socket.writableLength;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delayMs: number, action: () => void): () => void {
    return this.#timers.after(delayMs, action);
  }

  send(pdu: Pdu): void {
    this.#behaviours.pass('sending', this, pdu, (passed) => {
      if (!this.#socket.writable) return;
      this.#events.sent(passed);
      this.#behaviours.write(this, encodePdu(passed), (octets) => this.write(octets));
    });
  }

  request(body: PduBody): void {
    this.send({ ...body, status: 0, sequence: this.nextSequence() });
  }

  nextSequence(): number {
    this.#sequence = nextSequence(this.#sequence);
    return this.#sequence;
  }

  write(octets: Buffer): void {
    if (!this.#socket.writable) return;
    if (!this.#socket.write(octets)) this.#socket.pause();
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
    // A peer that does not read would keep a connection half closed for ever.
    this.after(1000, () => this.#socket.destroy());
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #read(chunk: Buffer): void {
    for (const framed of this.#framer.push(chunk)) {
      if (this.#socket.destroyed) return;
      if (framed.kind === 'bad_length') this.#events.badLength(framed.length);
      else this.#decoded(decodePdu(framed.frame));
    }
  }

  #decoded(decoded: Decoded): void {
    if (decoded.kind !== 'pdu') return this.#events.received(decoded);
    if (decoded.pdu.command === 'submit_sm') this.submitsReceived += 1;
    this.#events.arrived(decoded.pdu);
    this.#behaviours.pass('received', this, decoded.pdu, (pdu) => this.#events.received({ kind: 'pdu', pdu }));
  }

  #closed(): void {
    this.#timers.cancelAll();
    this.#events.closed({ cutOff: !this.#framer.atBoundary });
  }
}
