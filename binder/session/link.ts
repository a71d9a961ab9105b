import type { Account } from '../../shared/config/account.ts';
import type { Credentials } from '../../shared/config/credentials.ts';
import type { Log } from '../../shared/log/log.ts';
import type { BindType } from '../smpp/pdu.ts';
import type { Clock } from './clock.ts';
import { parseEndpoint } from './endpoint.ts';
import { KeptSession } from './kept-session.ts';
import { type LinkStatus, leastOf } from './link-status.ts';
import { SubmitGate, type ThrottleReport } from './pacing.ts';
import { SessionCounters, type SessionCounts } from './session-counters.ts';
import type { InboundDeliver, LateAnswer, SubmitBody, SubmitOutcome } from './session-events.ts';
import { type SessionSettings, sessionSettings } from './session-settings.ts';
import { StatusTable } from './status-table.ts';

/** What a link tells its owner. A handler that throws is counted, and changes nothing for the session. */
export interface LinkHandlers<C> {
  onStatus(status: LinkStatus): void;
  /** Resolves to the command_status of the answer: 0, or 0x64 to have it sent again. A throw means 0x64. */
  onDeliver(pdu: InboundDeliver): Promise<number>;
  /** An answer after all to a submit whose outcome was given as `unknown`, `timeout`. */
  onLateAnswer(answer: LateAnswer<C>): void;
  /** The message centre asked for less, and the gate has paused. */
  onThrottled?(report: ThrottleReport): void;
}

export interface LinkOptions<C> {
  account: Account;
  /** Called before each bind. */
  credentials: () => Promise<Credentials>;
  clock: Clock;
  /** From 0 to 1, 1 excluded. */
  random: () => number;
  log: Log;
  handlers: LinkHandlers<C>;
  /** Of the account, where it is to outlive the link. */
  gate?: SubmitGate;
  /** Of the account, where they are to outlive the link. */
  counters?: SessionCounters;
  /** Multiplies the waits between binds. */
  timeScale?: number;
  settings?: Partial<SessionSettings>;
}

/** Everything to be counted or measured about a link at one moment. */
export interface LinkCounters extends SessionCounts {
  unanswered: number;
  oldestUnansweredMs: number;
  /** Since the last PDU of any kind on the session that is silent for longest; undefined while there is none. */
  lastInboundAgeMs: number | undefined;
}

/**
 * An account's link to its message centre, kept up until it is closed: one session, or a transmitter and a receiver that
 * share the account's rate. `C` is the caller's own mark of a submit, handed back with a late answer.
 */
export class Link<C> {
  readonly gate: SubmitGate;
  readonly #options: LinkOptions<C>;
  readonly #statuses: StatusTable;
  readonly #counters: SessionCounters;
  readonly #kept: readonly KeptSession<C>[];
  readonly #sender: KeptSession<C> | undefined;
  #closing = false;

  constructor(options: LinkOptions<C>) {
    const { account } = options;
    this.#options = options;
    this.#statuses = new StatusTable(account.statuses);
    const { segmentsPerSecond } = account;
    this.#counters = options.counters ?? new SessionCounters();
    this.gate = options.gate ?? new SubmitGate({ segmentsPerSecond, statuses: this.#statuses });
    const bindTypes = account.bindType.split('+') as BindType[];
    this.#kept = bindTypes.map((bindType) => this.#keep(bindType));
    this.#sender = this.#kept[bindTypes.findIndex((bindType) => bindType !== 'receiver')];
  }

  start(): void {
    const { account, log } = this.#options;
    if (account.tls?.verify === false)
      log.warn('certificates are not verified: anyone on the way can read and change all');
    for (const kept of this.#kept) kept.start();
  }

  get status(): LinkStatus {
    const canSubmit = !this.#closing && this.#sender?.status.state === 'bound';
    return { ...leastOf(this.#kept.map((kept) => kept.status)), canSubmit };
  }

  /** How many submits window and socket would take now; 0 unless bound for sending. When, is the gate's question. */
  submitReady(): number {
    return this.#closing ? 0 : (this.#sender?.session?.submitRoom ?? 0);
  }

  /** Writes now or not at all. Never rejects, and settles exactly once. */
  submit(pdu: SubmitBody, context: C): Promise<SubmitOutcome> {
    const session = this.#closing ? undefined : this.#sender?.session;
    if (session !== undefined) return session.submit(pdu, context);
    return Promise.resolve({ kind: 'not_sent', reason: this.#closing ? 'closing' : 'not_bound' });
  }

  /**
   * Takes no more submits, waits for the answers that are missing, for `drainMs` at most, unbinds, waits for the answer,
   * and closes. Of a pair the transmitter goes first: receipts still come in until the last answer is there.
   */
  async close({ drainMs }: { drainMs: number }): Promise<void> {
    this.#closing = true;
    await this.#sender?.close(drainMs);
    await Promise.all(this.#kept.map((kept) => kept.close(drainMs)));
  }

  /**
   * The message centre answers submits as if we were not bound: ends this session in peace, and another one follows.
   * @param commandStatus what it answered; the profile says how soon to bind again
   */
  rebind(commandStatus: number): void {
    this.#sender?.rebind(commandStatus);
  }

  /** Cuts the connection at once. */
  destroy(): void {
    this.#closing = true;
    for (const kept of this.#kept) kept.destroy();
  }

  get counters(): LinkCounters {
    const vitals = this.#kept.flatMap(({ session }) => (session === undefined ? [] : [session.vitals()]));
    const ages = vitals.map(({ lastInboundAgeMs }) => lastInboundAgeMs).filter(Number.isFinite);
    return {
      ...structuredClone(this.#counters.counts),
      unanswered: Math.max(0, ...vitals.map(({ unanswered }) => unanswered)),
      oldestUnansweredMs: Math.max(0, ...vitals.map(({ oldestUnansweredMs }) => oldestUnansweredMs)),
      lastInboundAgeMs: ages.length === 0 ? undefined : Math.max(...ages),
    };
  }

  #keep(bindType: BindType): KeptSession<C> {
    const { account, handlers, settings, timeScale = 1 } = this.#options;
    return new KeptSession({
      ...this.#options,
      bindType,
      endpoint: parseEndpoint(account),
      statuses: this.#statuses,
      settings: sessionSettings(account, bindType, settings),
      timeScale,
      gate: this.gate,
      counters: this.#counters,
      handlers: {
        onStatus: () => this.#tell(() => handlers.onStatus(this.status)),
        onDeliver: (pdu) => handlers.onDeliver(pdu),
        onLateAnswer: (answer) => handlers.onLateAnswer(answer),
        onThrottled: (report) => this.#onThrottled(report),
      },
    });
  }

  #onThrottled(report: ThrottleReport): void {
    const { account, handlers, log } = this.#options;
    const fields = { account: account.name, ...report };
    if (report.belowRate) log.error('the message centre throttles below the configured rate', fields);
    else log.warn('the message centre throttles', fields);
    this.#tell(() => handlers.onThrottled?.(report));
  }

  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#counters.counts.handlerFaults += 1;
      this.#options.log.error('a handler failed', { error });
    }
  }
}
