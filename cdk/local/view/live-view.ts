import type { RunningBindery } from '../start.ts';
import type { LiveModel } from './live-model.ts';
import { Painter } from './painter.ts';
import { renderView } from './render.ts';

const REPAINT_MS = 250;
const MEASURE_MS = 1_000;
/** What a terminal has that does not say its size. */
const USUAL_SIZE = { columns: 80, rows: 24 };

/** Paints the view while the stack runs. */
export class LiveView {
  readonly #live: LiveModel;
  readonly #running: RunningBindery;
  readonly #colour: boolean;
  readonly #painter = new Painter(process.stdout);
  #timers: NodeJS.Timeout[] = [];
  #measuring = false;

  constructor({ live, running, colour }: { live: LiveModel; running: RunningBindery; colour: boolean }) {
    this.#live = live;
    this.#running = running;
    this.#colour = colour;
  }

  start(): void {
    process.stdout.on('resize', this.#onResize);
    this.#timers = [setInterval(() => this.#paint(), REPAINT_MS), setInterval(() => void this.#measure(), MEASURE_MS)];
    // Both only make the picture fuller; it is shown without them when they fail.
    this.#live.countStored(this.#running).catch(() => {});
    void this.#measure();
    this.#paint();
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    process.stdout.off('resize', this.#onResize);
    this.#paint();
    this.#painter.end();
  }

  readonly #onResize = (): void => {
    this.#painter.reset();
    this.#paint();
  };

  #paint(): void {
    const columns = process.stdout.columns || USUAL_SIZE.columns;
    const rows = process.stdout.rows || USUAL_SIZE.rows;
    this.#painter.paint(renderView(this.#live.snapshot(this.#running), { columns, rows, colour: this.#colour }));
  }

  async #measure(): Promise<void> {
    if (this.#measuring) return;
    this.#measuring = true;
    await this.#live.measureLanes(this.#running).catch(() => {});
    this.#measuring = false;
  }
}
