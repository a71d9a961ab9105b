import { join } from 'node:path';
import { loadAssembly } from './assembly.ts';
import type { LocalAws } from './aws/api.ts';
import { type PeriodMs, REAL_PERIODS } from './cloudwatch/alarm.ts';
import { CloudWatch } from './cloudwatch/cloudwatch.ts';
import type { ContainerService } from './container/service.ts';
import type { StackContext } from './context.ts';
import { type Deployment, deploy, UnsupportedTemplateError } from './deploy.ts';
import { recordGrants } from './grant-record.ts';
import { checkStanding } from './iam/standing.ts';
import { AsyncInvocations } from './lambda/async-invocation.ts';
import type { LambdaFunction } from './lambda/function.ts';
import { LogFiles } from './log-files.ts';
import type { Observe } from './observation.ts';
import { describeFinding, type Finding, textOf } from './resources/resource.ts';

export interface StackOptions {
  /** Folder of the cloud assembly. */
  assemblyFolder: string;
  aws: LocalAws;
  /** Everything that the stack keeps lives here: log files below `logs`. */
  stateDirectory: string;
  observe: Observe;
  /** Port of the first HTTP API; 0 takes a free one. */
  apiPort?: number;
  /** How long the periods of alarms last; default as long as they say. */
  alarmPeriodMs?: PeriodMs;
  /** What would behave otherwise on AWS is an error instead of a notice. */
  strict?: boolean;
  /** Folder for a record of the rights that are given and of those that are used. */
  grantsFolder?: string;
}

/** Functions that load their code at a time when the stack starts. */
const PREWARM_AT_A_TIME = 2;

function createContext(options: StackOptions, findings: Finding[]): StackContext {
  const assembly = loadAssembly(options.assemblyFolder);
  const cloudwatch = new CloudWatch({
    queues: options.aws.queues,
    observe: options.observe,
    periodMs: options.alarmPeriodMs ?? REAL_PERIODS,
  });
  return {
    stackName: assembly.stackName,
    assembly,
    aws: options.aws,
    logs: new LogFiles(join(options.stateDirectory, 'logs')),
    observe: (observation) => {
      cloudwatch.see(observation);
      options.observe(observation);
    },
    cloudwatch,
    report: (finding) => void findings.push(finding),
    nameOf: ({ logicalId, properties }, property, maximumLength) =>
      textOf((properties as Record<string, unknown>)[property]) ??
      `${assembly.stackName}-${logicalId}`.slice(0, maximumLength),
    queues: new Map(),
    streams: new Map(),
    functions: new Map(),
    asyncInvocations: new AsyncInvocations(options.aws),
    streamConsumers: [],
    triggers: [],
    apiPort: options.apiPort ?? 0,
    apis: new Map(),
    integrations: new Map(),
    taskDefinitions: new Map(),
    services: new Map(),
    standing: [],
  };
}

/** A deployed stack: its resources stand, and what runs in it can be started and stopped. */
export class LocalStack {
  readonly deployment: Deployment;
  /** What would behave otherwise on AWS. */
  readonly findings: readonly Finding[];
  readonly #context: StackContext;

  constructor(context: StackContext, deployment: Deployment, findings: readonly Finding[]) {
    this.#context = context;
    this.deployment = deployment;
    this.findings = findings;
  }

  get name(): string {
    return this.#context.stackName;
  }

  get logs(): LogFiles {
    return this.#context.logs;
  }

  /** Address of the API on this machine: the template's own may be a name that only DNS knows. */
  get apiUrl(): string {
    const [api] = this.#context.apis.values();
    return api?.url ?? '';
  }

  /** Metrics and alarms. */
  get cloudwatch(): CloudWatch {
    return this.#context.cloudwatch;
  }

  get functions(): LambdaFunction[] {
    return [...new Set(this.#context.functions.values())];
  }

  get services(): ContainerService[] {
    return [...this.#context.services.values()];
  }

  /** Value of an environment variable of the first program that has it. */
  variable(name: string): string | undefined {
    const programs = [
      ...this.functions.map((target) => target.specification),
      ...this.#context.taskDefinitions.values(),
    ];
    return programs.find(({ variables }) => variables[name] !== undefined)?.variables[name];
  }

  /** Loads every function once, so that first invocations are quick. */
  async prewarm(): Promise<void> {
    const waiting = this.functions;
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next.prewarm();
    };
    await Promise.all(Array.from({ length: PREWARM_AT_A_TIME }, lane));
  }

  /** Lets requests in and starts triggers and schedules. */
  async startTriggers(): Promise<void> {
    const { aws, streams, streamConsumers, triggers, apis, cloudwatch } = this.#context;
    // Also of streams that nobody reads any more, so that none of them waits for a reader that is gone.
    for (const tableName of streams.values()) {
      const consumers = streamConsumers.filter((consumer) => consumer.tableName === tableName);
      await aws.tables.stream(tableName)?.setConsumers(consumers);
    }
    for (const trigger of triggers) await trigger.start();
    for (const { specification } of this.functions) cloudwatch.nameFunction(specification);
    cloudwatch.start();
    for (const api of apis.values()) api.open();
  }

  async startServices(): Promise<void> {
    await Promise.all(this.services.map((service) => service.start()));
  }

  /** Stops in the order in which work flows: no new requests, containers drained, triggers done, functions gone. */
  async close(): Promise<void> {
    const { apis, triggers, asyncInvocations, cloudwatch, logs } = this.#context;
    cloudwatch.close();
    await Promise.all([...apis.values()].map((api) => api.close()));
    await Promise.all(this.services.map((service) => service.close()));
    await Promise.all(triggers.map((trigger) => trigger.close()));
    await asyncInvocations.close();
    await Promise.all(this.functions.map((target) => target.close()));
    logs.close();
  }
}

/**
 * Deploys a cloud assembly onto this machine.
 * @throws AssemblyError, TemplateError, DeployError; StandingDenied when AWS could not run it under its roles;
 * UnsupportedTemplateError when `strict` and there is something to find
 */
export async function deployStack(options: StackOptions): Promise<LocalStack> {
  const findings: Finding[] = [];
  const context = createContext(options, findings);
  try {
    const deployment = await deploy(context.assembly, context);
    if (options.grantsFolder !== undefined) recordGrants(options.grantsFolder, context, deployment);
    checkStanding(context.aws.policies, context.standing);
    if (options.strict && findings.length > 0) throw new UnsupportedTemplateError(findings);
    for (const finding of findings) options.observe({ kind: 'notice', text: describeFinding(finding) });
    for (const { name, messages } of options.aws.queues.orphans()) {
      options.observe({
        kind: 'notice',
        text: `the queue ${name} is no longer in the template and holds ${messages} messages`,
      });
    }
    return new LocalStack(context, deployment, findings);
  } catch (fault) {
    await Promise.all([...context.apis.values()].map((api) => api.close()));
    context.logs.close();
    throw fault;
  }
}
