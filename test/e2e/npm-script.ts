import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { alive, descendants, killAll } from './process-tree.ts';
import { whenOver } from './tear-down.ts';
import { until } from './until.ts';

const PROJECT = join(import.meta.dirname, '../..');
const READY_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 60_000;

/** The line that `--json` prints. */
export interface Ready {
  ready: true;
  api: string;
  key: string;
  smsc: string;
}

type Environment = Record<string, string>;

/** Variables that would change what is started: the tests' own say how. */
const NOT_INHERITED = /^(SMPP_|AWS_|CDK_|BINDERY_(?!(GRANTS|CONFIGURATION)$)|npm_|VITEST|NODE_OPTIONS)/;

function inherited(): Environment {
  const kept = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  return Object.fromEntries(kept) as Environment;
}

/** `npm start` or `npm run demo` as a person types it, in a process group of its own. */
export class NpmScript {
  readonly #child: ChildProcess;
  #over = false;
  stdout = '';
  stderr = '';

  constructor(script: 'start' | 'demo', args: readonly string[], environment: Environment = {}) {
    this.#child = spawn('npm', ['run', script, '--silent', '--', ...args], {
      cwd: PROJECT,
      env: { ...inherited(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // `close` comes when the last process that holds the outputs is gone, also one that npm has left behind.
    this.#child.once('close', () => (this.#over = true));
    whenOver(() => this.destroy());
  }

  /** Both outputs, for messages. */
  get said(): string {
    return `${this.stdout}${this.stderr}`;
  }

  get processes(): number[] {
    const { pid } = this.#child;
    return pid === undefined ? [] : [pid, ...descendants(pid)];
  }

  async ready(): Promise<Ready> {
    const line = () => /^\{"ready":true.*\}$/m.exec(this.stdout)?.[0];
    const text = await until('npm start to be ready', READY_TIMEOUT_MS, () => {
      if (this.#child.exitCode !== null) throw new Error(`npm start ended with ${this.#child.exitCode}: ${this.said}`);
      return line();
    });
    return JSON.parse(text) as Ready;
  }

  /** As a terminal or a service manager does: to every process of the group. Resolves when all is over. */
  async stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<void> {
    const { pid } = this.#child;
    if (pid !== undefined && !this.#over) process.kill(-pid, signal);
    await this.ended();
  }

  /** Resolves to npm's exit status; null where a signal ended it. */
  async ended(): Promise<number | null> {
    await until('npm to end', END_TIMEOUT_MS, () => this.#over);
    return this.#child.exitCode;
  }

  /** Every process that is left, at once. */
  async destroy(): Promise<void> {
    if (this.#over) return;
    killAll(this.processes.toReversed());
    await this.ended();
  }
}

/** Resolves when none of the processes is left; kills what is and throws where it takes too long. */
export async function gone(pids: readonly number[], timeoutMs: number): Promise<void> {
  try {
    await until(`processes ${alive(pids).join(', ')} to end`, timeoutMs, () => alive(pids).length === 0);
  } catch (error) {
    killAll(alive(pids));
    throw error;
  }
}
