import type { Arrival } from '../../e2e/rate.ts';
import { until } from '../../e2e/until.ts';
import type { OperatorRequests } from '../programs/operator.ts';
import { Remote } from './remote.ts';

export const SYSTEM_ID = 'bench';
export const PASSWORD = 'secret12';

/** One submit_sm as the operator saw it. */
export interface Submit {
  /** Connection, counted from 1. */
  link: number;
  systemId: string;
  to: string;
  arrival: Arrival;
  atEpochMs: number;
}

/** A simulated operator in a process of its own. */
export class BenchOperator {
  readonly url: string;
  readonly #remote: Remote<OperatorRequests>;

  private constructor(url: string, remote: Remote<OperatorRequests>) {
    this.url = url;
    this.#remote = remote;
  }

  static async start(systemIds: readonly string[] = [SYSTEM_ID]): Promise<BenchOperator> {
    const remote = new Remote<OperatorRequests>('operator.ts');
    const { url } = await remote.call('start', systemIds);
    return new BenchOperator(url, remote);
  }

  /** For a binder. */
  get credentials(): { url: string; systemId: string; password: string } {
    return { url: this.url, systemId: SYSTEM_ID, password: PASSWORD };
  }

  /** Answers no submit until `release`: work piles up in front of a full window. */
  async hold(): Promise<void> {
    await this.#remote.call('hold');
  }

  async release(): Promise<void> {
    await this.#remote.call('release');
  }

  async count(): Promise<number> {
    return await this.#remote.call('count');
  }

  /** Submits since the last call, oldest first. */
  async take(): Promise<Submit[]> {
    return await this.#remote.call('take');
  }

  /** @param onCount told each time that it looks */
  async untilSubmitted(count: number, timeoutMs: number, onCount: (count: number) => void): Promise<void> {
    await until(`${count} submits`, timeoutMs, async () => {
      const submitted = await this.count();
      onCount(submitted);
      return submitted >= count;
    });
  }

  close(): void {
    this.#remote.close();
  }
}
