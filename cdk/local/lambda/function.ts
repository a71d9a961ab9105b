import { randomUUID } from 'node:crypto';
import type { Caller } from '../aws/call.ts';
import type { Principal } from '../iam/principals.ts';
import type { Observe } from '../observation.ts';
import type { AsyncInvocationOptions } from './async-invocation.ts';
import { ExecutionEnvironment, type InvocationResult } from './environment.ts';

/** Most execution environments of one function on this machine; invocations beyond wait for a free one. */
const MAXIMUM_ENVIRONMENTS = 8;
/**
 * How long an invocation waits for a busy environment before one more is started. A start costs more than most invocations
 * take; starting one for each of a burst would only keep this machine's few processors from the work itself.
 */
const GROW_AFTER_MS = 100;
const IDLE_LIMIT_MS = 60_000;

export interface FunctionSpecification {
  /** Name for people and for the log file. */
  name: string;
  arn: string;
  codeFolder: string;
  /** The whole environment of its processes. */
  variables: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** `ReservedConcurrentExecutions`: beyond it an invocation is throttled. */
  reservedConcurrency?: number;
  /** With whose key the function, and the triggers on its behalf, call AWS. */
  caller: Caller;
  principal: Principal;
  onLine: (line: string) => void;
  observe: Observe;
}

export type Outcome = InvocationResult | { kind: 'throttled' };

interface Waiting {
  payload: string;
  settle: (result: InvocationResult) => void;
}

/** A Lambda function: starts environments as invocations need them, and stops those that stay idle. */
export class LambdaFunction {
  readonly specification: FunctionSpecification;
  /** How invocations that nobody waits for are repeated; AWS::Lambda::EventInvokeConfig changes it. */
  asyncOptions: AsyncInvocationOptions = { maximumRetries: 2, maximumAgeMs: Infinity };
  readonly #environments = new Set<ExecutionEnvironment>();
  /** The environment that was used last stands last, so that the others get old and go. */
  readonly #idle: { environment: ExecutionEnvironment; timer: NodeJS.Timeout }[] = [];
  readonly #queue: Waiting[] = [];
  #starting = false;
  #growTimer: NodeJS.Timeout | undefined;
  #running = 0;
  #closed = false;

  constructor(specification: FunctionSpecification) {
    this.specification = specification;
  }

  get arn(): string {
    return this.specification.arn;
  }

  /** Environments alive now, idle ones included. */
  get environments(): number {
    return this.#environments.size;
  }

  /** Loads one environment ahead, so that the first invocation finds it warm. */
  async prewarm(): Promise<void> {
    if (this.#environments.size === 0) await this.#startEnvironment();
  }

  /** Invokes with an event of any JSON shape and waits for the answer. */
  async invoke(event: unknown): Promise<Outcome> {
    const { name, reservedConcurrency, observe } = this.specification;
    const startedAtMs = performance.now();
    const outcome =
      this.#running >= (reservedConcurrency ?? Infinity) ? { kind: 'throttled' as const } : await this.#enqueue(event);
    observe({
      kind: 'invocation',
      program: name,
      outcome: outcome.kind,
      durationMs: performance.now() - startedAtMs,
      ...(outcome.kind === 'failed' ? { error: `${outcome.error.errorType}: ${outcome.error.errorMessage}` } : {}),
    });
    return outcome;
  }

  /** Stops every environment; invocations under way fail as if their process had died. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#growTimer);
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    this.#failWaiting('Runtime.Closed', 'the local stack is closing');
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
  }

  async #enqueue(event: unknown): Promise<InvocationResult> {
    this.#running += 1;
    try {
      return await new Promise<InvocationResult>((settle) => {
        this.#queue.push({ payload: JSON.stringify(event), settle });
        if (this.#closed) this.#failWaiting('Runtime.Closed', 'the local stack is closing');
        else this.#pump();
      });
    } finally {
      this.#running -= 1;
    }
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const waiting = this.#queue.shift();
      const idle = this.#idle.pop();
      if (waiting === undefined || idle === undefined) return;
      clearTimeout(idle.timer);
      void this.#run(idle.environment, waiting);
    }
    if (this.#queue.length === 0 || this.#starting || this.#environments.size >= MAXIMUM_ENVIRONMENTS) return;
    if (this.#environments.size === 0) void this.#startEnvironment();
    else this.#growTimer ??= setTimeout(() => this.#grow(), GROW_AFTER_MS);
  }

  #grow(): void {
    this.#growTimer = undefined;
    if (this.#queue.length > 0 && !this.#starting && !this.#closed) void this.#startEnvironment();
  }

  async #startEnvironment(): Promise<void> {
    const { codeFolder, variables, onLine } = this.specification;
    const environment = new ExecutionEnvironment({ codeFolder, variables, onLine });
    this.#environments.add(environment);
    environment.onEnd = () => this.#forget(environment);
    this.#starting = true;
    const fault = await environment.ready();
    this.#starting = false;
    if (fault === undefined) {
      this.#park(environment);
      return;
    }
    onLine(JSON.stringify({ level: 'error', message: 'function did not start', ...fault }));
    // The code does not load: the invocation that asked for this environment is answered with the reason.
    this.#queue.shift()?.settle({ kind: 'failed', error: fault });
    this.#pump();
  }

  async #run(environment: ExecutionEnvironment, { payload, settle }: Waiting): Promise<void> {
    const { arn, timeoutMs, onLine } = this.specification;
    const requestId = randomUUID();
    const message = { requestId, payload, functionArn: arn, deadlineEpochMs: Date.now() + timeoutMs };
    const result = await environment.invoke(message, timeoutMs);
    if (result.kind === 'failed') {
      onLine(JSON.stringify({ level: 'error', message: 'invocation failed', requestId, ...result.error }));
      // The process was killed or is dying: it takes nothing more.
      if (isSandboxFault(result.error.errorType)) this.#forget(environment);
    }
    if (this.#environments.has(environment)) this.#park(environment);
    settle(result);
    this.#pump();
  }

  #park(environment: ExecutionEnvironment): void {
    if (environment.ended || this.#closed) return;
    const timer = setTimeout(() => this.#retire(environment), IDLE_LIMIT_MS);
    timer.unref();
    this.#idle.push({ environment, timer });
    this.#pump();
  }

  /** The last one stays warm. */
  #retire(environment: ExecutionEnvironment): void {
    if (this.#environments.size <= 1) return;
    this.#forget(environment);
    void environment.stop();
  }

  #forget(environment: ExecutionEnvironment): void {
    this.#environments.delete(environment);
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    if (index >= 0) clearTimeout(this.#idle.splice(index, 1)[0]?.timer);
  }

  #failWaiting(errorType: string, errorMessage: string): void {
    for (const { settle } of this.#queue.splice(0)) settle({ kind: 'failed', error: { errorType, errorMessage } });
  }
}

/** Faults after which Lambda throws the environment away. */
function isSandboxFault(errorType: string): boolean {
  return errorType === 'Sandbox.Timedout' || errorType === 'Runtime.ExitError';
}
