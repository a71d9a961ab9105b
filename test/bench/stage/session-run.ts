import { setTimeout as delay } from 'node:timers/promises';

/** How fast a session is to be driven, and for how long. */
export interface SessionDrive {
  url: string;
  /** Most submits without an answer. */
  window: number;
  warmUpMs: number;
  measuredMs: number;
}

export interface SessionSpeed {
  answersPerSecond: number;
  cpuMsPer1000: number;
}

/** Counts answers, and what they cost this process, from the end of the warm-up on. */
export class SpeedMeter {
  #answers = 0;

  answered(): void {
    this.#answers += 1;
  }

  async measure({ warmUpMs, measuredMs }: SessionDrive): Promise<SessionSpeed> {
    await delay(warmUpMs);
    const [answers, cpu, startedMs] = [this.#answers, process.cpuUsage(), performance.now()];
    await delay(measuredMs);
    const counted = this.#answers - answers;
    const { user, system } = process.cpuUsage(cpu);
    return {
      answersPerSecond: (counted * 1_000) / (performance.now() - startedMs),
      cpuMsPer1000: (user + system) / Math.max(1, counted),
    };
  }
}
