import type { WriteStream } from 'node:tty';

// The terminal holds the picture back until it is whole, where it knows these (synchronized output, mode 2026).
const BEGIN = '\u001B[?2026h';
const END = '\u001B[?2026l';
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
const CLEAR_LINE = '\u001B[2K';
const CLEAR_BELOW = '\u001B[0J';
const CLEAR_SCREEN = '\u001B[2J\u001B[H';

/** Paints lines over the ones painted before, in one write, where the cursor stands. What was printed above stays. */
export class Painter {
  readonly #out: Pick<WriteStream, 'write'>;
  #height = 0;

  constructor(out: Pick<WriteStream, 'write'>) {
    this.#out = out;
  }

  paint(lines: readonly string[]): void {
    const up = this.#height > 0 ? `\u001B[${this.#height}A\r` : HIDE_CURSOR;
    const body = lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
    this.#out.write(`${BEGIN}${up}${body}${CLEAR_BELOW}${END}`);
    this.#height = lines.length;
  }

  /** After the window changed its size the old lines may be broken: the screen is begun anew. */
  reset(): void {
    this.#out.write(CLEAR_SCREEN);
    this.#height = 0;
  }

  /** Leaves the last picture standing, the cursor below it. */
  end(): void {
    this.#out.write(SHOW_CURSOR);
  }
}
