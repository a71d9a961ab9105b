import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeExit, endWithThisProcess, readLines, whenClosed } from '../child-process.ts';
import type { FromEnvironment, FunctionError, ToEnvironment } from './messages.ts';

const RUNTIME = fileURLToPath(new URL('./runtime.ts', import.meta.url));
/** Time that a function has to load its code (a limit of Lambda). */
const INIT_LIMIT_MS = 10_000;

/** What one invocation came to. Payloads are JSON text. */
export type InvocationResult = { kind: 'answered'; payload: string } | { kind: 'failed'; error: FunctionError };

export interface EnvironmentSpecification {
  codeFolder: string;
  /** The whole environment of the process: nothing of our own is added. */
  variables: Readonly<Record<string, string>>;
  onLine: (line: string) => void;
}

/** One process with the function's code loaded, busy with one invocation at a time: what Lambda calls an execution environment. */
export class ExecutionEnvironment {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #settle: ((result: InvocationResult | { kind: 'ready' }) => void) | undefined;
  #ended = false;
  /** Called once when the process is gone, for whatever reason. */
  onEnd: () => void = () => {};

  constructor({ codeFolder, variables, onLine }: EnvironmentSpecification) {
    this.#child = fork(RUNTIME, [], {
      cwd: codeFolder,
      env: variables,
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C in the terminal is for the local stack alone, which then ends its children in order.
      detached: true,
    });
    this.#closed = whenClosed(this.#child);
    endWithThisProcess(this.#child);
    readLines(this.#child, onLine);
    this.#child.on('message', (message: FromEnvironment) => this.#receive(message));
    this.#child.on('exit', (code, signal) => this.#end(describeExit(code, signal)));
    this.#child.on('error', (fault) => this.#end(fault.message));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Waits until the code is loaded; undefined when it is, otherwise why it could not be. */
  async ready(): Promise<FunctionError | undefined> {
    const result = await this.#next(INIT_LIMIT_MS, () => ({
      errorType: 'Sandbox.Timedout',
      errorMessage: `Error: Init phase timed out after ${(INIT_LIMIT_MS / 1000).toFixed(2)} seconds`,
    }));
    return result.kind === 'failed' ? result.error : undefined;
  }

  /** Runs one invocation; when its time is over the process is killed, as Lambda does. */
  async invoke(message: Omit<ToEnvironment, 'kind'>, timeoutMs: number): Promise<InvocationResult> {
    const { requestId } = message;
    const answer = this.#next(timeoutMs, () => ({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
    }));
    this.#send({ kind: 'invoke', ...message });
    const result = await answer;
    return result.kind === 'ready' ? { kind: 'answered', payload: 'null' } : result;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #send(message: ToEnvironment): void {
    // The callback takes the error of a channel that closed meanwhile; the exit of the process settles the invocation.
    if (!this.#ended) this.#child.send(message, () => {});
  }

  #next(limitMs: number, late: () => FunctionError): Promise<InvocationResult | { kind: 'ready' }> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#child.kill('SIGKILL');
        settle({ kind: 'failed', error: late() });
      }, limitMs);
      const settle = (result: InvocationResult | { kind: 'ready' }): void => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(result);
      };
      this.#settle = settle;
    });
  }

  #receive(message: FromEnvironment): void {
    switch (message.kind) {
      case 'ready':
        this.#settle?.({ kind: 'ready' });
        return;
      case 'init_failed':
        this.#settle?.({ kind: 'failed', error: message.error });
        this.#child.kill('SIGKILL');
        return;
      case 'answered':
        this.#settle?.({ kind: 'answered', payload: message.payload });
        return;
      case 'failed':
        this.#settle?.({ kind: 'failed', error: message.error });
        return;
      default:
        message satisfies never;
    }
  }

  #end(how: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#settle?.({
      kind: 'failed',
      error: { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited with error: ${how}` },
    });
    this.onEnd();
  }
}
