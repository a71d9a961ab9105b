import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Account, Lane } from '../shared/config/account.ts';
import type { MetricName } from '../shared/config/binder-metrics.ts';
import type { Credentials } from '../shared/config/credentials.ts';
import type { AccountReport } from '../shared/domain/account-report.ts';
import type { Log } from '../shared/log/log.ts';
import type { HistoryStore } from '../shared/store/control-histories.ts';
import type { MessageStore } from '../shared/store/messages.ts';
import type { OptOutLookup } from '../shared/store/opt-out-lookup.ts';
import type { ReceiptStore } from '../shared/store/receipts.ts';
import { deliver } from './inbound/deliver.ts';
import type { TermLease } from './lease/lease.ts';
import { CountedChanges } from './metrics/counted-changes.ts';
import { countedQueue } from './metrics/counted-queue.ts';
import { sessionMeasures } from './metrics/session-measures.ts';
import type { MetricValues, Tally } from './metrics/tally.ts';
import { LaneIntake } from './outbound/lane-intake.ts';
import { SqsLaneQueue } from './outbound/lane-queue.ts';
import { optOutCheck } from './outbound/opt-out-check.ts';
import { Outbound } from './outbound/outbound.ts';
import type { SegmentRef } from './outbound/submission.ts';
import type { Progress } from './progress.ts';
import { accountReport } from './report/account-report.ts';
import { SessionChronicle } from './report/session-chronicle.ts';
import type { Clock } from './session/clock.ts';
import { Link } from './session/link.ts';
import type { LinkStatus } from './session/link-status.ts';
import { SubmitGate } from './session/pacing.ts';
import type { LateAnswer, SubmitOutcome } from './session/session-events.ts';
import { StatusTable } from './session/status-table.ts';
import { ThrottleWatch } from './session/throttle-watch.ts';
import type { SubmitSm } from './smpp/pdu.ts';

/** What every account of a binder shares. */
export interface BinderContext {
  messages: MessageStore;
  receipts: ReceiptStore;
  histories: Pick<HistoryStore, 'append'>;
  optOuts: Pick<OptOutLookup, 'get'>;
  sqs: SQSClient;
  queueUrl: (account: string, lane: Lane) => string;
  credentials: (account: Account) => Promise<Credentials>;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
  random: () => number;
  log: Log;
  /** Whether an account that has been without owner for so long is this process's to take; left out: always. */
  mayTake?: (freeForMs: number) => boolean;
  /** Multiplies the waits between binds; absent means 1. */
  timeScale?: number;
}

/** What one account's terms share. */
export interface TermContext extends BinderContext {
  tally: Tally;
}

/** Bounded wait for answers before unbinding. */
const DRAIN_MS = 20_000;
/** Bounded wait for the tables after that; what is not recorded by then, the next owner takes for unknown. */
const RECORD_MS = 30_000;
/** Whoever was quiet for longer than any operator counts was quiet long enough. */
const LONGEST_QUIET_MS = 60_000;

/** One term of office: everything that works while this process holds one account's lease, and nothing after it. */
export class Term {
  readonly #account: Account;
  readonly #context: TermContext;
  readonly #log: Log;
  readonly #gone = new AbortController();
  readonly #startedAtMs: number;
  readonly #statuses: StatusTable;
  readonly #gate: SubmitGate;
  readonly #link: Link<SegmentRef>;
  readonly #outbound: Outbound;
  readonly #throttle: ThrottleWatch;
  readonly #chronicle: SessionChronicle;

  constructor(account: Account, lease: TermLease, context: TermContext) {
    this.#account = account;
    this.#context = context;
    this.#log = context.log;
    this.#startedAtMs = context.clock.now();
    this.#statuses = new StatusTable(account.statuses);
    const { segmentsPerSecond } = account;
    const { previousSubmitAtMs } = lease;
    this.#gate = new SubmitGate({
      segmentsPerSecond,
      statuses: this.#statuses,
      ...(previousSubmitAtMs === undefined ? {} : { previousSubmitAtMs }),
    });
    this.#throttle = new ThrottleWatch(context);
    const parts = { fence: lease.fence, statuses: this.#statuses, gone: this.#gone.signal };
    this.#chronicle = new SessionChronicle(account.name, { ...context, ...parts });
    this.#link = this.#makeLink();
    this.#outbound = this.#makeOutbound(lease);
  }

  /** For people and for the health page; no personal data. */
  snapshot() {
    const { since, ...status } = this.#link.status;
    return {
      link: { ...status, sinceMs: Math.round(this.#context.clock.now() - since) },
      counters: this.#link.counters,
      inHand: this.#outbound.heldByLane,
      deadLettered: { ...this.#outbound.parked },
    };
  }

  /** For the health check. */
  get progress(): NonNullable<Progress['term']> {
    const { state, since, retryInMs } = this.#link.status;
    const sinceMs = this.#context.clock.now() - since;
    return { state, sinceMs, retryInMs, overdueMs: this.#outbound.overdueMs };
  }

  /** How things stand, for metrics. */
  measure(): MetricValues {
    const { status, counters } = this.#link;
    const { submitWindow } = this.#account;
    const mostUnanswered = this.#context.tally.session.takeMostUnanswered();
    const held = this.#outbound.heldByLane;
    return sessionMeasures({ status, counters, held, mostUnanswered, submitWindow });
  }

  /** How things stand, for the API. */
  report(): AccountReport {
    const standing = { account: this.#account, status: this.#link.status, held: this.#outbound.heldByLane };
    return accountReport({ ...this.#context, ...standing, flow: this.#context.tally.flow });
  }

  /** For how long nothing has been submitted by anyone, milliseconds, at the least. Earlier owners had stopped by the start. */
  get quietMs(): number {
    const lastAtMs = this.#gate.lastSubmitAtMs ?? this.#startedAtMs;
    return Math.floor(Math.min(LONGEST_QUIET_MS, this.#context.clock.now() - lastAtMs));
  }

  start(): void {
    this.#chronicle.start();
    this.#link.start();
  }

  /**
   * A polite end: nothing new is taken, what is on the wire is answered and recorded, the session unbound. Once it has
   * resolved another process may begin its own term.
   */
  async handOver(): Promise<void> {
    this.#outbound.close('handing the account over');
    await this.#link.close({ drainMs: DRAIN_MS });
    const { clock, log } = this.#context;
    const cancel = clock.setTimer(RECORD_MS, () => {
      log.error('the tables did not take everything in time; the next owner decides');
      this.#gone.abort();
    });
    await this.#outbound.settled();
    await this.#chronicle.settled();
    cancel();
    this.#throttle.stop();
  }

  /** The lease is gone: not one more PDU, not one more write. */
  abandon(): void {
    this.#gone.abort();
    this.#outbound.close('the lease is lost');
    this.#link.destroy();
    this.#throttle.stop();
  }

  /** Resolves when the last poll has ended, so that the process can exit without keeping a message hidden. */
  async stop(): Promise<void> {
    await this.#outbound.stop();
    await this.#outbound.settled();
  }

  #makeLink(): Link<SegmentRef> {
    const { clock, random, log, credentials, wallClock, receipts, tally, timeScale = 1 } = this.#context;
    const account = this.#account;
    return new Link<SegmentRef>({
      account,
      credentials: () => credentials(account),
      clock,
      random,
      timeScale,
      log,
      gate: this.#gate,
      counters: tally.session,
      handlers: {
        onStatus: (status) => this.#onStatus(status),
        onDeliver: (pdu) =>
          deliver(pdu, { account, receipts, log, wallClock, count: (what) => tally.delivered(what, wallClock()) }),
        onLateAnswer: (answer) => void this.#onLateAnswer(answer),
        onThrottled: (report) => this.#throttle.paused(report),
      },
    });
  }

  #makeOutbound({ owner, fence, mayLead }: TermLease): Outbound {
    const { sqs, clock, wallClock, log, messages, receipts, optOuts, tally } = this.#context;
    const account = this.#account;
    const count = (name: MetricName, times?: number) => tally.count(name, times);
    const queueUrl = (lane: Lane) => this.#context.queueUrl(account.name, lane);
    return new Outbound({
      settle: {
        account,
        statuses: this.#statuses,
        messages: new CountedChanges(messages, count),
        receipts,
        clock,
        wallClock,
        log,
        tally,
        gone: this.#gone.signal,
      },
      wire: {
        submitReady: () => this.#link.submitReady(),
        submit: (pdu, context) => this.#submit(pdu, context),
        nextAt: (nowMs) => this.#gate.nextAt(nowMs),
        rebind: (commandStatus) => this.#link.rebind(commandStatus),
      },
      queue: countedQueue(new SqsLaneQueue({ sqs, queueUrl, log }), count),
      intake: (lane, hooks) =>
        new LaneIntake({ lane, queueUrl: queueUrl(lane), sqs, clock, log: log.with({ lane }), ...hooks }),
      optOut: optOutCheck(optOuts),
      lease: { owner, fence },
      mayLead,
    });
  }

  #onStatus(status: LinkStatus): void {
    this.#chronicle.saw(status);
    if (status.canSubmit) this.#outbound.open();
    else this.#outbound.close(`session ${status.state}${status.reason === undefined ? '' : `: ${status.reason}`}`);
  }

  async #submit(pdu: SubmitSm, context: SegmentRef): Promise<SubmitOutcome> {
    const sentAtMs = this.#context.clock.now();
    const outcome = await this.#link.submit(pdu, context);
    this.#throttle.ended({ sentAtMs, outcome });
    return outcome;
  }

  async #onLateAnswer(answer: LateAnswer<SegmentRef>): Promise<void> {
    try {
      await this.#outbound.answeredLate(answer);
    } catch (error) {
      this.#log.error('a late answer was not recorded; its receipt will settle the segment', { error });
    }
  }
}
