import { setTimeout as delay } from 'node:timers/promises';
import type { Paint } from '../demo/paint.ts';
import { Progress } from '../demo/progress.ts';

const NAME_WIDTH = 34;

/** Shows how far long work is. */
export class Watch {
  readonly #output: NodeJS.WriteStream;
  readonly #paint: Paint;

  constructor(output: NodeJS.WriteStream, paint: Paint) {
    this.#output = output;
    this.#paint = paint;
  }

  /** @param work reports what it has done, of `total` in all */
  async during<Result>(
    name: string,
    total: number,
    work: (report: (done: number) => void) => Promise<Result>,
  ): Promise<Result> {
    let done = 0;
    const gauges = () => [{ name: name.padEnd(NAME_WIDTH), done: Math.min(done, total), total }];
    const progress = new Progress({ output: this.#output, paint: this.#paint, gauges });
    try {
      return await work((soFar) => {
        done = soFar;
      });
    } finally {
      progress.stop();
    }
  }

  /** Waits, and shows it. */
  async pause(name: string, seconds: number): Promise<void> {
    await this.during(name, seconds, async (report) => {
      for (let second = 1; second <= seconds; second += 1) {
        await delay(1_000);
        report(second);
      }
    });
  }
}
