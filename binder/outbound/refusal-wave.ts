/** How many of the last answers are looked at. */
const ANSWERS = 50;
/** A wave is over when it has fallen to a quarter of what made it one. */
const OVER_AT_SHARE = 0.25;

export interface WaveChange {
  kind: 'began' | 'ended';
  /** Refused numbers among the last `of` answers. */
  refused: number;
  of: number;
}

/** Notices when the operator refuses number after number: a list of bad ones, or an operator that is out of order. */
export class RefusalWave {
  readonly #from: number;
  readonly #last: boolean[] = [];
  #on = false;

  /** @param from refused numbers among the last 50 answers that make a wave */
  constructor(from: number) {
    this.#from = from;
  }

  /** An answer that settles a segment: taken, or its number refused. */
  add(refused: boolean): WaveChange | undefined {
    this.#last.push(refused);
    if (this.#last.length > ANSWERS) this.#last.shift();
    const count = this.#last.filter(Boolean).length;
    const on = this.#on ? count > OVER_AT_SHARE * this.#from : count >= this.#from;
    if (on === this.#on) return undefined;
    this.#on = on;
    return { kind: on ? 'began' : 'ended', refused: count, of: this.#last.length };
  }
}
