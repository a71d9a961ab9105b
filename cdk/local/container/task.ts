import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describeExit, endWithThisProcess, readLines, whenClosed } from '../child-process.ts';
import type { TaskState } from '../observation.ts';
import type { HealthCheck } from './task-definition.ts';

/** Until a task has been healthy once it is asked more often than its interval says: a start need not take half a minute. */
const FIRST_CHECKS_MS = 250;

export interface TaskSpecification {
  id: string;
  /** Program and arguments. */
  command: readonly string[];
  folder: string;
  variables: Readonly<Record<string, string>>;
  healthCheck?: HealthCheck;
  stopTimeoutMs: number;
  onLine: (line: string) => void;
  onState: (state: TaskState, reason?: string) => void;
}

/** One running copy of a container, as a child process. */
export class Task {
  readonly specification: TaskSpecification;
  readonly startedAtMs = performance.now();
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #over = new AbortController();
  #state: TaskState = 'starting';

  constructor(specification: TaskSpecification) {
    this.specification = specification;
    const [program = '', ...args] = specification.command;
    this.#child = spawn(program, args, {
      cwd: specification.folder,
      env: specification.variables,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C in the terminal is for the local stack alone, which then drains the task in order.
      detached: true,
    });
    this.#closed = whenClosed(this.#child);
    endWithThisProcess(this.#child);
    readLines(this.#child, specification.onLine);
    this.#child.once('error', (fault) => this.#end(fault.message));
    this.#child.once('exit', (code, signal) => this.#end(describeExit(code, signal)));
    specification.onState('starting');
    void this.#watch();
  }

  get id(): string {
    return this.specification.id;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get state(): TaskState {
    return this.#state;
  }

  /** Sends a signal to the process and to nothing else, as a fault of the machine would. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the task as ECS does: SIGTERM, and SIGKILL when its stop time-out is over. Resolves when the process is gone. */
  async stop(): Promise<void> {
    if (this.#state !== 'stopped') this.#set('stopping');
    this.#child.kill('SIGTERM');
    const hurry = setTimeout(() => this.#child.kill('SIGKILL'), this.specification.stopTimeoutMs);
    await this.#closed;
    clearTimeout(hurry);
  }

  /** False when the task ended before it was healthy. */
  async healthy(): Promise<boolean> {
    while (this.#state === 'starting') await delay(50);
    return this.#state === 'healthy';
  }

  #set(state: TaskState, reason?: string): void {
    if (this.#state === state) return;
    this.#state = state;
    this.specification.onState(state, reason);
  }

  #end(reason: string): void {
    this.#over.abort();
    this.#set('stopped', reason);
  }

  /** Runs the health check at its interval. A task without one is healthy as soon as it runs. */
  async #watch(): Promise<void> {
    const { healthCheck } = this.specification;
    if (healthCheck === undefined) {
      await new Promise((resolve) => this.#child.once('spawn', resolve));
      if (this.#state === 'starting') this.#set('healthy');
      return;
    }
    const { intervalMs, retries, startPeriodMs } = healthCheck;
    let failures = 0;
    while (!this.#over.signal.aborted) {
      const waitMs = this.#state === 'starting' ? Math.min(FIRST_CHECKS_MS, intervalMs) : intervalMs;
      await delay(waitMs, undefined, { signal: this.#over.signal }).catch(() => {});
      if (this.#state !== 'starting' && this.#state !== 'healthy') return;
      if (await this.#check(healthCheck)) {
        failures = 0;
        if (this.#state === 'starting') this.#set('healthy');
        continue;
      }
      failures += 1;
      const graceMs = startPeriodMs + retries * intervalMs;
      const late = this.#state === 'starting' ? performance.now() - this.startedAtMs > graceMs : failures >= retries;
      if (late && !this.#over.signal.aborted) this.#set('unhealthy', `${failures} health checks failed`);
    }
  }

  async #check({ command, timeoutMs }: HealthCheck): Promise<boolean> {
    const { folder, variables } = this.specification;
    const [program = '', ...args] = command;
    const check = spawn(program, args, {
      cwd: folder,
      env: variables,
      stdio: 'ignore',
      timeout: timeoutMs,
      detached: true,
    });
    return await new Promise<boolean>((resolve) => {
      check.once('error', () => resolve(false));
      check.once('exit', (code) => resolve(code === 0));
    });
  }
}
