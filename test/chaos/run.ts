import type { Chronicle } from './chronicle.ts';
import { sessionNews } from './chronicle.ts';
import { Director } from './director.ts';
import { drain } from './drain.ts';
import type { Evidence, Finding } from './evidence.ts';
import type { FaultName } from './faults.ts';
import { judge } from './judges/index.ts';
import { leaksIn } from './judges/leaks.ts';
import { Load } from './load.ts';
import { ChaosOperator, PASSWORD } from './operator.ts';
import { scheduleOf } from './schedule.ts';
import { signedPassword } from './signed-binds.ts';
import { type ChaosStack, startChaosStack } from './stack.ts';
import { Stored } from './stored.ts';

export interface ChaosOptions {
  /** How long faults come. */
  seconds: number;
  seed: number;
  /** The account's rate. */
  segmentsPerSecond: number;
  messagesPerSecond: number;
  /** Default: all. */
  faults?: readonly FaultName[];
  stateDirectory: string;
  /** Longest wait afterwards. */
  drainSeconds: number;
  untilSwept: boolean;
}

/** Where a run stands, for whoever watches. */
export interface ChaosStatus {
  phase: 'starting' | 'faults' | 'draining';
  requests: number;
  accepted: number;
  submits: number;
  final: number;
  bound: number;
  lasting: readonly FaultName[];
  waitingFor?: string;
}

export interface ChaosResult {
  findings: readonly Finding[];
  evidence: Evidence;
}

/** One run: a stack, its operator and a load, with everything going wrong that the schedule says. */
export class ChaosRun {
  readonly #options: ChaosOptions;
  readonly #chronicle: Chronicle;
  readonly #load: Load;
  #operator: ChaosOperator | undefined;
  #stack: ChaosStack | undefined;
  #director: Director | undefined;
  #phase: ChaosStatus['phase'] = 'starting';
  #waitingFor: string | undefined;
  /** Of the bus's events, how many were looked at, and the messages that they said were final. */
  #eventsSeen = 0;
  readonly #final = new Set<string>();

  constructor(options: ChaosOptions, chronicle: Chronicle) {
    this.#options = options;
    this.#chronicle = chronicle;
    this.#load = new Load(options.seed);
  }

  get status(): ChaosStatus {
    const { simulator } = this.#operator ?? {};
    this.#countFinal();
    return {
      phase: this.#phase,
      requests: this.#load.requests.length,
      accepted: this.#load.accepted,
      submits: simulator?.submits.length ?? 0,
      final: this.#final.size,
      bound: simulator?.links.filter(({ systemId }) => systemId !== undefined).length ?? 0,
      lasting: this.#director?.lasting ?? [],
      ...(this.#waitingFor === undefined ? {} : { waitingFor: this.#waitingFor }),
    };
  }

  /** @throws where the stack does not start */
  async perform(): Promise<ChaosResult> {
    const { seed, seconds, segmentsPerSecond, messagesPerSecond, faults } = this.#options;
    const load = this.#load;
    const operator = await ChaosOperator.start({
      submitsPerSecond: segmentsPerSecond,
      seed,
      verdictOf: (to) => load.verdictOf(to),
    });
    this.#operator = operator;
    operator.simulator.onEvent((event) => {
      const news = sessionNews(event, (link) => operator.owners.get(link));
      if (news !== undefined) this.#chronicle.note(news);
    });
    const stack = await this.#startStack(operator);
    const director = new Director({ stack, operator, chronicle: this.#chronicle });
    this.#director = director;
    this.#phase = 'faults';
    this.#chronicle.begin();
    load.start(stack.client, messagesPerSecond);
    await director.perform(scheduleOf({ seed, durationMs: seconds * 1_000, faults }), seconds * 1_000);
    director.stop();
    this.#chronicle.note('no more faults, no more requests');
    await load.stop();
    return await this.#drainAndJudge(stack, operator);
  }

  /** Ends what was started, however far that came. */
  async close(): Promise<void> {
    this.#chronicle.end();
    this.#director?.stop();
    await this.#load.stop();
    await this.#stack?.close();
    await this.#operator?.close();
  }

  async #startStack(operator: ChaosOperator): Promise<ChaosStack> {
    const { stateDirectory, segmentsPerSecond, seed } = this.#options;
    const credentials = await operator.credentials();
    const onObserved = (text: string): void => this.#chronicle.note(`stack: ${text}`);
    const options = { stateDirectory, operator: credentials, segmentsPerSecond, seed, onObserved };
    this.#stack = await startChaosStack(options);
    return this.#stack;
  }

  async #drainAndJudge(stack: ChaosStack, operator: ChaosOperator): Promise<ChaosResult> {
    const { drainSeconds, untilSwept } = this.#options;
    this.#phase = 'draining';
    const stored = new Stored(stack);
    const left = await drain({
      stored,
      operator,
      bus: stack.bus,
      timeoutMs: drainSeconds * 1_000,
      untilSwept,
      onLook: (waitingFor) => (this.#waitingFor = waitingFor),
    });
    this.#waitingFor = undefined;
    this.#chronicle.note(left === undefined ? 'drained' : `not drained in time: ${left}`);
    const evidence = await this.#gather(stack, operator, stored);
    const drained: Finding = {
      rows: [],
      broken: left === undefined ? [] : [`not drained within ${drainSeconds} s: still waiting for ${left}`],
    };
    return { findings: [...judge(evidence), drained], evidence };
  }

  async #gather(stack: ChaosStack, operator: ChaosOperator, stored: Stored): Promise<Evidence> {
    const { simulator, owners, deafSinceMs } = operator;
    const tasks = new Set(owners.values());
    const secrets = [stack.key, PASSWORD, ...Array.from(tasks, signedPassword)];
    return {
      segmentsPerSecond: this.#options.segmentsPerSecond,
      requests: this.#load.requests,
      messages: await stored.messages(),
      rows: await stored.receiptRows(),
      deadLetters: await stored.deadLetters(),
      parked: stack.observed.filter((text) => text.startsWith('parked')),
      submits: simulator.submits,
      arrivals: await operator.arrivals(),
      operatorEvents: simulator.events,
      owners,
      deafSinceMs,
      bus: stack.bus.events,
      leaks: leaksIn(stack.logFolder, secrets),
      callsHit: await stack.callsHit(),
      takenAt: Date.now(),
    };
  }

  #countFinal(): void {
    const events = this.#stack?.bus.events ?? [];
    for (; this.#eventsSeen < events.length; this.#eventsSeen += 1) {
      const data = events[this.#eventsSeen]?.detail.data;
      if (data?.is_final) this.#final.add(data.message_id);
    }
  }
}
