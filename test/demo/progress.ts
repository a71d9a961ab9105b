import type { Paint } from './paint.ts';

const BAR_WIDTH = 30;
const REDRAW_MS = 200;
/** Where lines can't be redrawn, one is written now and then. */
const LINE_EVERY_MS = 5_000;

export interface Gauge {
  name: string;
  done: number;
  total: number;
  note?: string;
}

type Output = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean };

function bar({ done, total }: Gauge, paint: Paint): string {
  const filled = total === 0 ? 0 : Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  return paint.accent('█'.repeat(filled)) + paint.dim('░'.repeat(BAR_WIDTH - filled));
}

/** Shows gauges while something works: redrawn in place on a terminal, as a line every few seconds elsewhere. */
export class Progress {
  readonly #output: Output;
  readonly #paint: Paint;
  readonly #gauges: () => readonly Gauge[];
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;

  constructor(options: { output: Output; paint: Paint; gauges: () => readonly Gauge[] }) {
    this.#output = options.output;
    this.#paint = options.paint;
    this.#gauges = options.gauges;
    this.#timer = setInterval(() => this.#show(), options.output.isTTY ? REDRAW_MS : LINE_EVERY_MS);
    if (options.output.isTTY) this.#show();
  }

  /** Leaves the last state on the screen. */
  stop(): void {
    clearInterval(this.#timer);
    this.#show();
  }

  #show(): void {
    if (this.#output.isTTY) this.#draw();
    else this.#output.write(`  ${this.#gauges().map(inWords).join(', ')}\n`);
  }

  #draw(): void {
    const gauges = this.#gauges();
    const up = this.#drawn > 0 ? `\u001B[${this.#drawn}A` : '';
    const lines = gauges.map((gauge) => {
      const count = `${gauge.done}/${gauge.total}`.padStart(9);
      return `\u001B[2K  ${gauge.name.padEnd(10)} ${bar(gauge, this.#paint)} ${count}  ${this.#paint.dim(gauge.note ?? '')}`;
    });
    this.#output.write(`${up}${lines.join('\n')}\n`);
    this.#drawn = gauges.length;
  }
}

function inWords({ name, done, total, note }: Gauge): string {
  return `${name} ${done}/${total}${note === undefined ? '' : ` (${note})`}`;
}
