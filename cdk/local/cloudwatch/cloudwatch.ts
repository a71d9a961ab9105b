import type { Queues } from '../aws/api.ts';
import type { FunctionSpecification } from '../lambda/function.ts';
import type { Observation, Observe } from '../observation.ts';
import { type Alarm, type AlarmState, type PeriodMs, stateOf } from './alarm.ts';
import { metricsOf, metricsOfQueue, type Told } from './aws-metrics.ts';
import { MetricStore } from './metric-store.ts';

interface CloudWatchOptions {
  queues: Pick<Queues, 'measure'>;
  observe: Observe;
  periodMs: PeriodMs;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** Metrics of what runs here, and the alarms of the template over them. Nobody is called: alarms are seen in the view. */
export class CloudWatch {
  readonly metrics: MetricStore;
  readonly #options: CloudWatchOptions;
  readonly #now: () => number;
  readonly #alarms = new Map<string, { alarm: Alarm; state: AlarmState }>();
  readonly #functionNames = new Map<string, string>();
  #startedAt = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CloudWatchOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.metrics = new MetricStore(options.periodMs(60));
  }

  /** Every alarm of the template. */
  get alarms(): Alarm[] {
    return [...this.#alarms.values()].map(({ alarm }) => alarm);
  }

  /** Names of the alarms that are raised. */
  get raised(): string[] {
    return [...this.#alarms.values()].filter(({ state }) => state === 'ALARM').map(({ alarm }) => alarm.name);
  }

  add(alarm: Alarm): void {
    this.#alarms.set(alarm.name, { alarm, state: 'INSUFFICIENT_DATA' });
  }

  /** A function's metrics carry its own name; what is observed of it has the name of its log. */
  nameFunction({ name, variables }: Pick<FunctionSpecification, 'name' | 'variables'>): void {
    this.#functionNames.set(name, variables['AWS_LAMBDA_FUNCTION_NAME'] ?? name);
  }

  readonly see = (observation: Observation): void => {
    const functionName = (program: string) => this.#functionNames.get(program);
    this.#keep(metricsOf(observation, { now: this.#now(), functionName }));
  };

  start(): void {
    this.#startedAt = this.#now();
    this.#timer = setInterval(() => this.evaluate(), this.#options.periodMs(60));
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Looks at every queue, and then at every alarm. */
  evaluate(): void {
    const { queues, observe, periodMs } = this.#options;
    const now = this.#now();
    for (const queue of queues.measure()) this.#keep(metricsOfQueue(queue, now));
    for (const [name, { alarm, state: before }] of this.#alarms) {
      const state = stateOf(alarm, this.metrics, before, { now, startedAt: this.#startedAt, periodMs });
      if (state === before) continue;
      this.#alarms.set(name, { alarm, state });
      // That there is nothing to say is no news.
      if (state === 'ALARM' || before === 'ALARM')
        observe({ kind: 'alarm', name, state, description: alarm.description });
    }
  }

  #keep(told: readonly Told[]): void {
    for (const { key, at, value } of told) this.metrics.add(key, at, value);
  }
}
