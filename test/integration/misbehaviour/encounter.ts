import { CarrierAccount } from '../../../binder/carrier-account.ts';
import { systemClock } from '../../../binder/session/clock.ts';
import type { LinkCounters } from '../../../binder/session/link.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { Pdu } from '../../../binder/smpp/pdu.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';
import { isFinal, type Message } from '../../../shared/domain/message.ts';
import type { Arrival } from '../../e2e/rate.ts';
import { until } from '../../e2e/until.ts';
import { quietLog } from '../../fixtures/log.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';
import { messageOf, type Outgoing } from './outgoing.ts';
import type { Scenario } from './scenario.ts';
import type { Stores } from './stores.ts';
import type { SubmitTimes } from './submit-times.ts';

export const SYSTEM_ID = 'bindery';
const PASSWORD = 'secret12';
/** Low, so that eight segments take more than a second. */
export const SEGMENTS_PER_SECOND = 5;
const TIMERS = {
  connectMs: 2_000,
  bindMs: 2_000,
  enquireLinkMs: 5_000,
  enquireLinkAnswerMs: 2_000,
  submitAnswerMs: 3_000,
};
const SETTLED_WITHIN_MS = 50_000;

let accounts = 0;

/** The binder, with everything real between its queues and the wire, meets one message centre. */
export class Encounter {
  readonly scenario: Scenario;
  readonly stores: Stores;
  readonly operator: Simulator;
  readonly account: Account;
  /** When the binder began, on the operator's clock. */
  startedAtMs = 0;
  readonly log = quietLog();
  /** Every PDU that came to the operator, before any misbehaviour. */
  readonly received: Pdu[] = [];
  /** What the operator gave to its socket, write by write, after all misbehaviours. */
  readonly writes: Buffer[] = [];
  readonly sent: Message[] = [];
  readonly submitTimes: readonly Arrival[];
  readonly #binder: CarrierAccount;
  readonly #misbehaviours: (() => void)[];

  private constructor(
    scenario: Scenario,
    operator: Simulator,
    { stores, times }: { stores: Stores; times: SubmitTimes },
  ) {
    accounts += 1;
    this.scenario = scenario;
    this.stores = stores;
    this.operator = operator;
    this.submitTimes = times.to(operator.port);
    operator.behave({
      received: (_link, pdu, next) => {
        this.received.push(pdu);
        next(pdu);
      },
    });
    this.#misbehaviours = scenario.behaviours().map((behaviour) => operator.behave(behaviour));
    operator.behave({
      writing: (_link, octets, next) => {
        this.writes.push(octets);
        next(octets);
      },
    });
    this.account = accountSchema.parse({
      ...accountInput,
      name: `account-${accounts}`,
      url: operator.url,
      segmentsPerSecond: SEGMENTS_PER_SECOND,
      ...scenario.account,
      timers: { ...TIMERS, ...scenario.account?.timers },
    });
    this.#binder = new CarrierAccount(this.account, `owner of ${this.account.name}`, stores.leases, {
      ...stores,
      credentials: () => Promise.resolve({ system_id: SYSTEM_ID, password: PASSWORD }),
      clock: systemClock,
      wallClock: Date.now,
      random: Math.random,
      timeScale: scenario.timeScale ?? 0.2,
      log: this.log,
    });
  }

  /** The binder starts with messages in its lanes. */
  static async begin(
    scenario: Scenario,
    given: { stores: Stores; times: SubmitTimes },
    outgoing: readonly Outgoing[],
  ): Promise<Encounter> {
    const operator = await startSimulator({
      // Its own limit is out of reach: whether the rate is kept is measured (submit-times.ts).
      systems: [{ systemId: SYSTEM_ID, password: PASSWORD, submitsPerSecond: 1_000 }],
      receiptDelayMs: 50,
      receiptJitter: 0,
      receiptRetryMs: 200,
      ...scenario.operator,
    });
    const encounter = new Encounter(scenario, operator, given);
    await given.stores.makeLanes(encounter.account.name);
    await encounter.send(outgoing);
    encounter.startedAtMs = systemClock.now();
    encounter.#binder.start();
    return encounter;
  }

  async send(outgoing: readonly Outgoing[]): Promise<void> {
    const messages = outgoing.map((each) => messageOf(each, this.account.name));
    for (const message of messages) {
      await this.stores.messages.create(message);
      await this.stores.lanes.send({ ...message, account: this.account.name });
    }
    this.sent.push(...messages);
  }

  /** Every message that was sent, as it is now. */
  get messages(): Message[] {
    return this.sent.map((message) => this.stores.latest.get(message.messageId) ?? message);
  }

  /** Messages of which nothing more is to come. */
  get settled(): Message[] {
    return this.messages.filter(
      (message) => isFinal(message.status) || message.status === this.scenario.ends?.(message),
    );
  }

  async untilSettled(): Promise<void> {
    await until('every message to end', SETTLED_WITHIN_MS, () => this.settled.length === this.sent.length).catch(
      (error: Error) => {
        const statuses = this.messages.map(
          ({ lane, status, segments }) => `${lane} ${status} ${JSON.stringify(segments)}`,
        );
        throw new Error(`${error.message}: ${statuses.join('; ')}; ${JSON.stringify(this.#binder.snapshot())}`);
      },
    );
  }

  get counters(): LinkCounters {
    const { counters } = this.#snapshot;
    if (counters === undefined) throw new Error('this process is not the owner');
    return counters;
  }

  /** Messages that the binder has in its hands. */
  get inHand(): number {
    return Object.values(this.#snapshot.inHand ?? {}).reduce((sum, count) => sum + count, 0);
  }

  /** What the operator got of one command. */
  readonly receivedOf = <C extends Pdu['command']>(command: C): Extract<Pdu, { command: C }>[] =>
    this.received.filter((pdu): pdu is Extract<Pdu, { command: C }> => pdu.command === command);

  /** The message centre behaves well from now on. */
  mend(): void {
    for (const end of this.#misbehaviours.splice(0)) end();
  }

  async end(): Promise<void> {
    this.mend();
    await this.#binder.stop();
    await this.operator.close();
  }

  get #snapshot() {
    return this.#binder.snapshot();
  }
}
