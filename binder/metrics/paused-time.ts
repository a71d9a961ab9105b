/** Adds up time in pauses, of which some may overlap, and the last may not be over. All times in milliseconds. */
export class PausedTime {
  #overMs = 0;
  #fromMs = 0;
  #untilMs = 0;

  /** A pause begins now. */
  begin(nowMs: number, pauseMs: number): void {
    this.end(nowMs);
    this.#fromMs = nowMs;
    this.#untilMs = nowMs + pauseMs;
  }

  /** Nothing is paused any more, whatever was meant to be. */
  end(nowMs: number): void {
    this.#overMs = this.total(nowMs);
    this.#fromMs = nowMs;
    this.#untilMs = nowMs;
  }

  /** Time in pauses so far. */
  total(nowMs: number): number {
    return this.#overMs + Math.max(0, Math.min(nowMs, this.#untilMs) - this.#fromMs);
  }
}
