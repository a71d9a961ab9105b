import type { Log } from '../../shared/log/log.ts';
import { decodePdu } from '../smpp/decode.ts';
import { Framer } from '../smpp/framer.ts';
import type { Framed } from '../smpp/pdu.ts';
import { redactFrame } from '../smpp/redact.ts';
import type { SessionCounters } from './session-counters.ts';
import type { Inbound } from './session-events.ts';

/** A peer that sends nothing but rubbish is counted in full and logged in part. */
const MOST_LOGGED = 20;
const MOST_HEX_DIGITS = 1_024;

/** From octets to PDUs in their order. What was cut out of a chunk waits here while nothing may be handed on. */
export class SessionReader {
  readonly #framer: Framer;
  readonly #counters: SessionCounters;
  readonly #log: Log;
  #framed: Framed[] = [];
  #next = 0;
  #logged = 0;

  constructor(options: { maxLengthOctets: number; counters: SessionCounters; log: Log }) {
    this.#framer = new Framer({ maxLengthOctets: options.maxLengthOctets });
    this.#counters = options.counters;
    this.#log = options.log;
  }

  push(chunk: Buffer): void {
    const framed = this.#framer.push(chunk);
    this.#framed = this.#next < this.#framed.length ? [...this.#framed.slice(this.#next), ...framed] : framed;
    this.#next = 0;
  }

  /** The next PDU, or undefined when more octets are needed. */
  take(): Inbound | undefined {
    const framed = this.#framed[this.#next];
    if (framed === undefined) return undefined;
    this.#next += 1;
    return framed.kind === 'frame' ? this.#decode(framed.frame) : framed;
  }

  #decode(frame: Buffer): Inbound {
    const decoded = decodePdu(frame);
    if (decoded.kind === 'pdu') {
      this.#counters.pdu('read', decoded.pdu);
    } else if (decoded.kind === 'malformed') {
      this.#counters.malformed(decoded.command);
      this.#warn('a PDU does not parse', frame, { command: decoded.command, reason: decoded.reason });
    } else {
      this.#counters.counts.unknownCommands += 1;
      this.#warn('a PDU has an unknown command', frame, { commandId: decoded.commandId });
    }
    return decoded;
  }

  #warn(message: string, frame: Buffer, fields: Record<string, unknown>): void {
    this.#logged += 1;
    if (this.#logged > MOST_LOGGED) return;
    this.#log.warn(message, {
      ...fields,
      lengthOctets: frame.length,
      hex: redactFrame(frame).slice(0, MOST_HEX_DIGITS),
    });
  }
}
