import type { PlainClientRequests } from '../programs/plain-client.ts';
import type { Watch } from '../watch.ts';
import { BenchOperator, PASSWORD, type Submit, SYSTEM_ID } from './operator.ts';
import { UsageMeter } from './process-usage.ts';
import { Remote } from './remote.ts';
import { BenchStack } from './stack.ts';

export const PER_SECOND = 10;
const WAITING = 600;
const INTERVAL_MS = 1_000 / PER_SECOND;
/** As many as the window holds go out while the others are being queued. */
const WINDOW = 10;

export interface PacedRun {
  submits: Submit[];
  usage: { cpuMs: number; cpuPercent: number; mostMiB: number };
}

/** Six hundred messages at ten a second, through Bindery and through a plain client: run when first asked for, once each. */
export class PacedRuns {
  readonly #watch: Watch;
  readonly #count: number;
  #bindery: Promise<PacedRun> | undefined;
  #plain: Promise<PacedRun> | undefined;

  constructor(watch: Watch, scale: number) {
    this.#watch = watch;
    this.#count = Math.ceil(WAITING * scale);
  }

  /** The real binder, from real queues and tables of the local stack. */
  bindery(): Promise<PacedRun> {
    this.#bindery ??= this.#runBindery();
    return this.#bindery;
  }

  /** The `smpp` package on a timer of 100 ms. */
  plain(): Promise<PacedRun> {
    this.#plain ??= this.#runPlain();
    return this.#plain;
  }

  async #runBindery(): Promise<PacedRun> {
    const operator = await BenchOperator.start();
    let stack: BenchStack | undefined;
    try {
      stack = await BenchStack.begin(operator);
      return await this.#drain(operator, stack);
    } finally {
      await stack?.close();
      operator.close();
    }
  }

  async #drain(operator: BenchOperator, stack: BenchStack): Promise<PacedRun> {
    const count = this.#count;
    await operator.hold();
    await this.#watch.during('a: queueing messages', count + WINDOW, (report) =>
      stack.enqueue(count + WINDOW, 'transactional', report),
    );
    await operator.take();
    const meter = new UsageMeter(stack.binders[0] ?? 0);
    await operator.release();
    await this.#watch.during('a: Bindery at 10 a second', count, (report) =>
      operator.untilSubmitted(count, 2 * count * INTERVAL_MS + 30_000, report),
    );
    return { submits: await operator.take(), usage: meter.stop() };
  }

  async #runPlain(): Promise<PacedRun> {
    const operator = await BenchOperator.start();
    const client = new Remote<PlainClientRequests>('plain-client.ts');
    try {
      const { url } = operator;
      const run = {
        url,
        systemIds: [SYSTEM_ID],
        password: PASSWORD,
        intervalMs: INTERVAL_MS,
        submitsEach: this.#count,
      };
      const meter = new UsageMeter(client.pid);
      await this.#watch.during('a: the plain client', this.#count, async (report) => {
        const over = client.call('run', run);
        await operator.untilSubmitted(this.#count, 2 * this.#count * INTERVAL_MS + 30_000, report);
        await over;
      });
      return { submits: await operator.take(), usage: meter.stop() };
    } finally {
      client.close();
      operator.close();
    }
  }
}
