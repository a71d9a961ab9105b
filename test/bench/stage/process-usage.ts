import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** On a processor, user and system together, of all threads. */
  cpuMs: number;
  residentMiB: number;
}

/** What a process has used so far, as Linux tells it of any process. @throws where there is no /proc, or no such process */
export function usageOf(pid: number): Usage {
  const threads = readdirSync(`/proc/${pid}/task`);
  // The first number of schedstat is the time on a processor in nanoseconds; stat would count in hundredths of a second.
  const cpuNs = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuMs: cpuNs.reduce((sum, ns) => sum + ns, 0) / 1e6, residentMiB: Number(resident) / 1024 };
}

const SAMPLE_EVERY_MS = 500;

/** Watches one process. */
export class UsageMeter {
  readonly #pid: number;
  readonly #startedMs = performance.now();
  readonly #first: Usage;
  readonly #timer: NodeJS.Timeout;
  #mostMiB = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#first = usageOf(pid);
    this.#timer = setInterval(() => this.#look(), SAMPLE_EVERY_MS);
  }

  /** CPU time since the beginning, and the most memory that was seen. To be called once, while the process lives. */
  stop(): { cpuMs: number; cpuPercent: number; mostMiB: number } {
    clearInterval(this.#timer);
    const cpuMs = this.#look().cpuMs - this.#first.cpuMs;
    return { cpuMs, cpuPercent: (100 * cpuMs) / (performance.now() - this.#startedMs), mostMiB: this.#mostMiB };
  }

  #look(): Usage {
    const usage = usageOf(this.#pid);
    this.#mostMiB = Math.max(this.#mostMiB, usage.residentMiB);
    return usage;
  }
}
