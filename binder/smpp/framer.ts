import { HEADER_OCTETS } from './layout.ts';
import type { Framed } from './pdu.ts';

const LENGTH_OCTETS = 4;

/**
 * Cuts a byte stream into PDUs by command_length (3.2). Every octet is copied once, so the work is linear in the octets
 * however they are chopped up, and no frame holds on to the socket's larger buffers.
 *
 * A length below a header's or above the limit means that the stream is out of step and nothing after it can be trusted:
 * the framer says so once and yields nothing more. The connection must be closed.
 */
export class Framer {
  readonly #maxLengthOctets: number;
  readonly #length = Buffer.alloc(LENGTH_OCTETS);
  /** Octets of the current PDU that have arrived. */
  #filled = 0;
  #frame: Buffer | undefined;
  #dead = false;

  constructor(options: { maxLengthOctets: number }) {
    this.#maxLengthOctets = options.maxLengthOctets;
  }

  /** True between two PDUs: a connection that ends here has cut nothing off. */
  get atBoundary(): boolean {
    return this.#filled === 0;
  }

  push(chunk: Buffer): Framed[] {
    const framed: Framed[] = [];
    let offset = 0;
    while (offset < chunk.length && !this.#dead) {
      offset += this.#take(chunk, offset);
      const next = this.#next();
      if (next !== undefined) framed.push(next);
    }
    return framed;
  }

  /** Copies what still belongs to the length, or to the frame once that is known. */
  #take(chunk: Buffer, offset: number): number {
    const target = this.#frame ?? this.#length;
    const copied = chunk.copy(target, this.#filled, offset);
    this.#filled += copied;
    return copied;
  }

  #next(): Framed | undefined {
    if (this.#frame === undefined) {
      return this.#filled === LENGTH_OCTETS ? this.#begin() : undefined;
    }
    if (this.#filled < this.#frame.length) return undefined;
    const frame = this.#frame;
    this.#frame = undefined;
    this.#filled = 0;
    return { kind: 'frame', frame };
  }

  #begin(): Framed | undefined {
    const length = this.#length.readUInt32BE(0);
    if (length < HEADER_OCTETS || length > this.#maxLengthOctets) {
      this.#dead = true;
      return { kind: 'bad_length', length };
    }
    this.#frame = Buffer.allocUnsafe(length);
    this.#length.copy(this.#frame);
    return undefined;
  }
}
