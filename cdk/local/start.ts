import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Account } from '../../shared/config/account.ts';
import { accountsOf, operatorsAccounts, storeCredentials } from './accounts.ts';
import { adminKey, keyWorks } from './admin-key.ts';
import type { CallHooks, LocalAws } from './aws/api.ts';
import { REGION } from './aws/arn.ts';
import { startLocalAws } from './aws/start.ts';
import type { PeriodMs } from './cloudwatch/alarm.ts';
import type { Task } from './container/task.ts';
import { checkPort, freePort } from './free-port.ts';
import type { Observation, Observe } from './observation.ts';
import type { OperatorOptions } from './options.ts';
import { describeReason, SessionBoard, type SessionReport } from './sessions.ts';
import { type SimulatedOperator, startSimulatedOperator } from './simulated-operator.ts';
import { deployStack, type LocalStack } from './stack.ts';
import { writeStackFile } from './stack-file.ts';
import { lockStateDirectory } from './state-lock.ts';
import { synthesizeInto } from './synthesis.ts';
import { Undo } from './undo.ts';

export interface StartOptions {
  /** Everything that survives a restart lives here. */
  stateDirectory: string;
  /** Port of the API; 0 or absent takes a free one. */
  port?: number;
  /** A message centre of one's own; absent: the simulated one, as a child process. */
  operator?: OperatorOptions;
  simulated?: { receiptDelayMs?: number };
  /** External AWS services instead of the embedded ones. */
  endpoints?: { dynamodb?: string; sqs?: string };
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Seen and changed by the caller while the stack runs. */
  hooks?: CallHooks;
  /** CDK context over that of cdk.json and of the local stack, e.g. `{'bindery:accounts': [...]}`. */
  context?: Record<string, unknown>;
  observe?: Observe;
  /** What would behave otherwise on AWS is an error instead of a notice. */
  strict?: boolean;
  /** How long the periods of alarms last, for whoever compresses time; default as long as they say. */
  alarmPeriodMs?: PeriodMs;
}

export interface RunningBindery {
  /** Address of the API, without a slash at the end. */
  apiUrl: string;
  /** The admin key. */
  key: string;
  operatorUrl: string;
  simulated: boolean;
  /** Those at operators. */
  accounts: readonly { name: string; segmentsPerSecond: number }[];
  sessions(): SessionReport[];
  stack: LocalStack;
  aws: LocalAws;
  /** Running tasks of the binder's service. */
  tasks(): readonly Task[];
  /** Rolling deploy of the binder: the new task is healthy before the old one drains. */
  replaceTasks(): Promise<void>;
  logFolder: string;
  /** Drains and stops everything. State stays. */
  close(): Promise<void>;
}

const SIMULATED_CREDENTIALS = { systemId: 'bindery', password: 'secret12' };
/** A lease that a killed stack left behind may have to run out first. */
const BIND_WAIT_MS = 30_000;

/** Where tests keep the record that `npm run grants` reads. */
const GRANTS_FOLDER = process.env['BINDERY_GRANTS'];

/** Tells whoever looks why an account could not bind; the stack runs on, and the binder keeps trying. */
function reportSessions(board: SessionBoard, settled: boolean, observe: Observe): void {
  if (!settled) observe({ kind: 'notice', text: 'the binder has not bound yet; see binder.log' });
  for (const report of board.reports) {
    if (report.state !== 'bound') {
      observe({
        kind: 'notice',
        text: `account ${report.account} is not bound: ${describeReason(report)}. The binder keeps trying.`,
      });
    }
  }
}

/** Starts the synthesized stack on this machine. */
class Start {
  readonly #options: StartOptions;
  readonly #stateDirectory: string;
  readonly #board = new SessionBoard();
  readonly undo = new Undo();
  #simulated: SimulatedOperator | undefined;

  constructor(options: StartOptions) {
    this.#options = options;
    this.#stateDirectory = resolve(options.stateDirectory);
  }

  async run(): Promise<RunningBindery> {
    const { port = 0 } = this.#options;
    this.undo.add(lockStateDirectory(this.#stateDirectory));
    await checkPort(port);
    const operator = this.#options.operator ?? {
      url: `smpp://127.0.0.1:${await freePort()}`,
      ...SIMULATED_CREDENTIALS,
    };
    const { aws, assemblyFolder } = await this.#prepare(operator.url);
    // Before the stack's own step, so that it ends after it: the binder needs its message centre until it has drained.
    this.undo.add(() => this.#simulated?.close());
    const stack = await this.#step('deployed the stack', () =>
      deployStack({
        assemblyFolder,
        aws,
        stateDirectory: this.#stateDirectory,
        observe: this.#observe,
        apiPort: port,
        strict: this.#options.strict ?? false,
        ...(this.#options.alarmPeriodMs && { alarmPeriodMs: this.#options.alarmPeriodMs }),
        ...(GRANTS_FOLDER === undefined ? {} : { grantsFolder: GRANTS_FOLDER }),
      }),
    );
    this.undo.add(() => stack.close());
    await Promise.all([
      this.#step('started operator and binder', () => this.#startOutside(stack, aws, operator)),
      this.#step('loaded the functions', () => stack.prewarm()),
    ]);
    await stack.startTriggers();
    const key = adminKey(stack, aws);
    const { apiUrl } = stack;
    const accounts = accountsOf(stack);
    await this.#step('installed the admin key', () => keyWorks(apiUrl, key, stack.logs.folder));
    const settled = await this.#step('bound', () =>
      this.#board.settled(
        accounts.map(({ name }) => name),
        BIND_WAIT_MS,
      ),
    );
    reportSessions(this.#board, settled, this.#observe);
    this.#tellOthers(stack, { aws, apiUrl, accounts: operatorsAccounts(accounts) });
    return this.#handle({ stack, aws, key, apiUrl, accounts: operatorsAccounts(accounts), operatorUrl: operator.url });
  }

  /** What `npm run cli` finds the stack by. */
  #tellOthers(stack: LocalStack, told: { aws: LocalAws; apiUrl: string; accounts: Account[] }): void {
    const { aws, apiUrl, accounts } = told;
    const key = aws.registerCaller({ program: 'cli' });
    const file = {
      pid: process.pid,
      name: stack.name,
      outputs: { ...stack.deployment.outputs, ApiUrl: apiUrl },
      aws: { endpoint: aws.url, region: REGION, ...key },
      accounts,
    };
    this.undo.add(writeStackFile(this.#stateDirectory, file));
  }

  readonly #observe = (observation: Observation): void => {
    if (observation.kind === 'line') this.#board.read(observation.line);
    this.#options.observe?.(observation);
  };

  async #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    const result = await work();
    this.#observe({ kind: 'step', name, durationMs: performance.now() - startedAtMs });
    return result;
  }

  async #prepare(operatorUrl: string): Promise<{ aws: LocalAws; assemblyFolder: string }> {
    const { endpoints, credentials, hooks, context } = this.#options;
    const assemblyFolder = join(this.#stateDirectory, 'assembly');
    await rm(assemblyFolder, { recursive: true, force: true });
    const local = { 'bindery:stage': 'local', 'bindery:operatorUrl': operatorUrl, 'bindery:webhookLoopback': true };
    await this.#step('synthesized the stack', () => synthesizeInto(assemblyFolder, { ...local, ...context }));
    const aws = await startLocalAws({
      stateDirectory: this.#stateDirectory,
      log: (text) => this.#observe({ kind: 'notice', text }),
      ...(endpoints === undefined ? {} : { endpoints }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(hooks === undefined ? {} : { hooks }),
    });
    this.undo.add(() => aws.close());
    return { aws, assemblyFolder };
  }

  /** The message centre, unless it is someone's own, and the containers that bind to it. */
  async #startOutside(stack: LocalStack, aws: LocalAws, operator: OperatorOptions): Promise<void> {
    if (this.#options.operator === undefined) {
      this.#simulated = await startSimulatedOperator({
        port: Number(URL.parse(operator.url)?.port),
        ...SIMULATED_CREDENTIALS,
        ...this.#options.simulated,
        segmentsPerSecond: operatorsAccounts(accountsOf(stack)).reduce(
          (sum, { segmentsPerSecond }) => sum + segmentsPerSecond,
          0,
        ),
        onLine: (line) => stack.logs.write('operator', line),
      });
    }
    await storeCredentials(stack, aws, operator);
    await stack.startServices();
  }

  #handle(
    parts: Pick<RunningBindery, 'stack' | 'aws' | 'key' | 'apiUrl' | 'accounts' | 'operatorUrl'>,
  ): RunningBindery {
    const { stack } = parts;
    return {
      ...parts,
      simulated: this.#options.operator === undefined,
      sessions: () => this.#board.reports,
      tasks: () => stack.services.flatMap((service) => service.tasks),
      replaceTasks: async () => {
        for (const service of stack.services) await service.replace();
      },
      logFolder: stack.logs.folder,
      close: () => this.undo.run(),
    };
  }
}

/**
 * Synthesizes the stack and runs it on this machine, until `close`.
 * @throws StartError for what the person who starts it can mend
 */
export async function startLocalStack(options: StartOptions): Promise<RunningBindery> {
  const start = new Start(options);
  try {
    return await start.run();
  } catch (fault) {
    await start.undo.run();
    throw fault;
  }
}
