import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SessionReport } from '../../cdk/local/sessions.ts';
import type { StartOptions } from '../../cdk/local/start.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { ApiClient } from './api-client.ts';
import { BusRecord } from './bus-record.ts';
import type { Order, Report, StackReady } from './stack-host.ts';
import { until } from './until.ts';

const PROGRAM = join(import.meta.dirname, 'stack-process.ts');
const START_TIMEOUT_MS = 60_000;
/** A drain waits for answers of the operator for 20 s at most. */
const CLOSE_TIMEOUT_MS = 45_000;
const ANSWER_TIMEOUT_MS = 5_000;

/** A local stack in a process of its own, as tests and the demo see it. */
export class RunningStack {
  protected readonly child: ChildProcess;
  readonly bus = new BusRecord();
  /** What the stack noticed, in order: notices, tasks, failed invocations, parked records. */
  readonly observed: string[] = [];
  #ready: StackReady | undefined;
  #sessions: SessionReport[] | undefined;
  #fault: string | undefined;

  /** @param program the host of the stack, another one than usual */
  constructor(program = PROGRAM, args: readonly string[] = []) {
    this.child = fork(program, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', (report: Report) => this.#take(report));
    this.child.once('exit', (code, signal) => (this.#fault ??= `the stack's process ended: ${signal ?? code}`));
  }

  async start(options: Extract<Order, { kind: 'start' }>['options']): Promise<void> {
    this.order({ kind: 'start', options });
    try {
      await until('the local stack to be ready', START_TIMEOUT_MS, () => this.#ready ?? this.#failIfBroken());
    } catch (error) {
      this.kill();
      throw error;
    }
  }

  get api(): string {
    return this.#facts.apiUrl;
  }

  get key(): string {
    return this.#facts.key;
  }

  get logFolder(): string {
    return this.#facts.logFolder;
  }

  get client(): ApiClient {
    return new ApiClient({ api: this.api, key: this.key });
  }

  /** The stack's own table of messages: what the API does not tell, such as how often a segment was sent again. */
  get messages(): MessageStore {
    const document = DynamoDBDocumentClient.from(new DynamoDBClient(this.aws));
    return new MessageStore(document, this.variable('MESSAGES_TABLE'));
  }

  /** For clients of the SDK. */
  get aws() {
    const { url, ...credentials } = this.#facts.aws;
    return { endpoint: url, region: 'local', credentials };
  }

  /** Value of an environment variable of the stack's programs. */
  variable(name: string): string {
    return this.#facts.variables[name] ?? '';
  }

  killBinder(): void {
    this.order({ kind: 'kill_binder' });
  }

  /** A rolling deploy of the binder: its new task is healthy before the old one drains. */
  replaceBinder(): void {
    this.order({ kind: 'replace_binder' });
  }

  /** @param place which task: 0 is the oldest, a number just below 1 the youngest */
  signalTask(signal: NodeJS.Signals, place: number): void {
    this.order({ kind: 'signal_task', signal, place });
  }

  /**
   * Takes an action from a role, as somebody does who edits its policies.
   * @param role its logical id
   * @param resource pattern of the ARNs on which it is taken
   */
  async withdraw(role: string, action: string, resource = '*'): Promise<void> {
    await this.ask({ kind: 'withdraw', role, action, resource }, 'obeyed');
  }

  /** Every right that was withdrawn. */
  async giveBack(): Promise<void> {
    await this.ask({ kind: 'give_back' }, 'obeyed');
  }

  /** Calls a function, by its name, as its schedule does. Resolves when it has ended, however it did. */
  async invoke(program: string): Promise<void> {
    await this.ask({ kind: 'invoke', program }, 'obeyed');
  }

  async sessions(): Promise<SessionReport[]> {
    this.#sessions = undefined;
    this.order({ kind: 'report_sessions' });
    return await until('a report of the sessions', ANSWER_TIMEOUT_MS, () => this.#sessions);
  }

  /** Stores other credentials of every account, as a person does who corrects a password. */
  async storeCredentials(credentials: { system_id: string; password: string }): Promise<void> {
    const client = new SecretsManagerClient(this.aws);
    for (const secret of Object.values(JSON.parse(this.variable('ACCOUNT_SECRETS')) as Record<string, string>)) {
      await client.send(new PutSecretValueCommand({ SecretId: secret, SecretString: JSON.stringify(credentials) }));
    }
  }

  /** Asks a host of its own kind, whose answer is the next report of that kind. */
  async ask<Answer extends { kind: string }>(order: Order | { kind: string }, kind: Answer['kind']): Promise<Answer> {
    return await new Promise<Answer>((resolve) => {
      const listen = (report: Answer): void => {
        if (report.kind !== kind) return;
        this.child.off('message', listen);
        resolve(report);
      };
      this.child.on('message', listen);
      this.child.send(order);
    });
  }

  /** Drains and stops everything. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.order({ kind: 'close' });
    const hurry = setTimeout(() => this.kill(), CLOSE_TIMEOUT_MS);
    await ended;
    clearTimeout(hurry);
  }

  /** The stack's process notices that its channel is gone, and takes all others with it. */
  kill(): void {
    if (this.child.connected) this.child.disconnect();
  }

  get #facts(): StackReady {
    if (this.#ready === undefined) throw new Error('the stack is not ready');
    return this.#ready;
  }

  protected order(order: Order): void {
    this.child.send(order);
  }

  #failIfBroken(): undefined {
    if (this.#fault !== undefined) throw new Error(this.#fault);
  }

  #take(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.#ready = report;
        break;
      case 'failed':
        this.#fault = report.message;
        break;
      case 'bus_event':
        this.bus.add(report.event);
        break;
      case 'observed':
        this.observed.push(report.text);
        break;
      case 'sessions':
        this.#sessions = report.sessions;
        break;
      case 'obeyed':
      // Whoever asked listens.
    }
  }
}

/** @throws where the stack does not start, with its reason */
export async function startStack(
  options: Pick<StartOptions, 'stateDirectory' | 'operator' | 'context'>,
): Promise<RunningStack> {
  const stack = new RunningStack();
  await stack.start(options);
  return stack;
}
