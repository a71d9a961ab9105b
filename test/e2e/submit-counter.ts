const HEADER_OCTETS = 8;
/** command_id of submit_sm (SMPP 3.4 section 5.1.2.1). */
const SUBMIT_SM = 0x00000004;

/** Finds the submit_sm PDUs in a stream of octets, however it is cut. Knows nothing but lengths: the rest is the operator's business. */
export class SubmitCounter {
  #header = Buffer.alloc(0);
  /** Octets left of a PDU whose header was read. */
  #rest = 0;

  /** How many submit_sm begin in this piece, or have their header completed by it. */
  push(chunk: Buffer): number {
    let submits = 0;
    for (let at = 0; at < chunk.length; ) {
      const skipped = Math.min(this.#rest, chunk.length - at);
      this.#rest -= skipped;
      at += skipped;
      const wanted = HEADER_OCTETS - this.#header.length;
      const piece = chunk.subarray(at, at + wanted);
      if (this.#rest > 0 || piece.length === 0) continue;
      at += piece.length;
      this.#header = Buffer.concat([this.#header, piece]);
      if (this.#header.length < HEADER_OCTETS) continue;
      if (this.#header.readUInt32BE(4) === SUBMIT_SM) submits += 1;
      this.#rest = Math.max(0, this.#header.readUInt32BE(0) - HEADER_OCTETS);
      this.#header = Buffer.alloc(0);
    }
    return submits;
  }
}
