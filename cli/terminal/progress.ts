import { count, duration } from '../../cdk/local/view/words.ts';
import type { Terminal } from './terminal.ts';

const BAR_COLUMNS = 24;
/** Where nothing can be painted over, a line now and then. */
const LINE_EVERY_MS = 5_000;

/** How far long work has come: a bar on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #total: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  #lastLineAt: number;
  #done = 0;
  /** Done before this run: says nothing about how fast it goes. */
  #found = 0;

  constructor(options: { terminal: Terminal; what: string; total: number; now: () => number }) {
    this.#terminal = options.terminal;
    this.#what = options.what;
    this.#total = options.total;
    this.#now = options.now;
    this.#startedAt = options.now();
    this.#lastLineAt = this.#startedAt;
  }

  /** @param found whether it was done by an earlier run */
  advance(by: number, { found = false } = {}): void {
    this.#done += by;
    if (found) this.#found += by;
    this.show('');
  }

  /** @param why it does not go on, where it waits */
  show(why: string): void {
    if (this.#terminal.isLive) {
      this.#terminal.paintOver(this.#line(why).slice(0, this.#terminal.noteColumns - 1));
    } else if (this.#now() - this.#lastLineAt >= LINE_EVERY_MS) {
      this.#lastLineAt = this.#now();
      this.#terminal.note(this.#line(why));
    }
  }

  /** Leaves the line free. */
  end(): void {
    if (this.#terminal.isLive) this.#terminal.paintOver('');
  }

  #line(why: string): string {
    const share = this.#total === 0 ? 1 : this.#done / this.#total;
    const filled = Math.floor(share * BAR_COLUMNS);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)}`;
    const counted = `${count(this.#done)} of ${count(this.#total)} ${this.#what}`;
    return [bar, `${Math.floor(share * 100)} %`, counted, why === '' ? this.#left() : why].filter(Boolean).join('  ');
  }

  #left(): string {
    const fresh = this.#done - this.#found;
    if (fresh === 0 || this.#done >= this.#total) return '';
    const perItemMs = (this.#now() - this.#startedAt) / fresh;
    return `${duration(perItemMs * (this.#total - this.#done))} left`;
  }
}
