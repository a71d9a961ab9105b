import type { Paint } from '../demo/paint.ts';
import { type ChronicleEntry, chronicleLine } from './chronicle.ts';
import type { ChaosStatus } from './run.ts';

const REDRAW_MS = 1_000;
/** Where lines can't be redrawn, one is written now and then. */
const LINE_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\u001B[2K';

type Output = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; columns?: number };

/** Shows where a run stands, a line a second on a terminal, and above it what happens. */
export class Progress {
  readonly #output: Output;
  readonly #paint: Paint;
  readonly #status: () => ChaosStatus;
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs = performance.now();
  #submitsBefore = 0;
  #rate = 0;

  constructor(options: { output: Output; paint: Paint; status: () => ChaosStatus }) {
    this.#output = options.output;
    this.#paint = options.paint;
    this.#status = options.status;
    const everyMs = options.output.isTTY ? REDRAW_MS : LINE_EVERY_MS;
    this.#timer = setInterval(() => this.#show(everyMs), everyMs);
  }

  entry(entry: ChronicleEntry): void {
    const line = chronicleLine(entry);
    if (this.#output.isTTY) this.#output.write(`${CLEAR_LINE}${this.#paint.dim(line)}\n`);
    else this.#output.write(`${line}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE);
  }

  #show(sinceMs: number): void {
    const status = this.#status();
    this.#rate = ((status.submits - this.#submitsBefore) * 1_000) / sinceMs;
    this.#submitsBefore = status.submits;
    const line = this.#line(status);
    const { isTTY = false, columns = 80 } = this.#output;
    if (isTTY) this.#output.write(`${CLEAR_LINE}${this.#paint.accent(line.slice(0, columns - 1))}`);
    else this.#output.write(`${line}\n`);
  }

  #line({ phase, accepted, submits, final, bound, lasting, waitingFor }: ChaosStatus): string {
    const seconds = ((performance.now() - this.#startedMs) / 1_000).toFixed(0);
    const now = waitingFor ?? (lasting.length > 0 ? lasting.join(' ') : 'no fault');
    const counts = `accepted ${accepted}, submits ${submits} (${this.#rate.toFixed(1)}/s), final ${final}`;
    return `  ${seconds} s ${phase}: ${counts}, sessions ${bound}, ${now}`;
  }
}
