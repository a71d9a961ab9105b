import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Account, Lane } from '../shared/config/account.ts';
import type { Credentials } from '../shared/config/credentials.ts';
import type { Log } from '../shared/log/log.ts';
import type { MessageStore } from '../shared/store/messages.ts';
import type { ReceiptStore } from '../shared/store/receipts.ts';
import { deliver } from './inbound/deliver.ts';
import type { TakenLease } from './lease/lease.ts';
import { LaneIntake } from './outbound/lane-intake.ts';
import { SqsLaneQueue } from './outbound/lane-queue.ts';
import { Outbound } from './outbound/outbound.ts';
import type { SegmentRef } from './outbound/submission.ts';
import type { Clock } from './session/clock.ts';
import { Link } from './session/link.ts';
import type { LinkStatus } from './session/link-status.ts';
import { SubmitGate } from './session/pacing.ts';
import type { LateAnswer } from './session/session-events.ts';
import { StatusTable } from './session/status-table.ts';

/** What every account of a binder shares. */
export interface BinderContext {
  messages: MessageStore;
  receipts: ReceiptStore;
  sqs: SQSClient;
  queueUrl: (account: string, lane: Lane) => string;
  credentials: (account: Account) => Promise<Credentials>;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
  random: () => number;
  log: Log;
  /** Multiplies the waits between binds; absent means 1. */
  timeScale?: number;
}

/** What a term is given by the lease. */
export interface TermLease extends TakenLease {
  owner: string;
  /** Whether this process may send right now. */
  mayLead: () => boolean;
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
  readonly #context: BinderContext;
  readonly #log: Log;
  readonly #gone = new AbortController();
  readonly #startedAtMs: number;
  readonly #statuses: StatusTable;
  readonly #gate: SubmitGate;
  readonly #link: Link<SegmentRef>;
  readonly #outbound: Outbound;
  readonly counts = { receipt: 0, inbound: 0, not_stored: 0 };

  constructor(account: Account, lease: TermLease, context: BinderContext) {
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
      inbound: { ...this.counts },
    };
  }

  /** For how long nothing has been submitted by anyone, milliseconds, at the least. Earlier owners had stopped by the start. */
  get quietMs(): number {
    const lastAtMs = this.#gate.lastSubmitAtMs ?? this.#startedAtMs;
    return Math.floor(Math.min(LONGEST_QUIET_MS, this.#context.clock.now() - lastAtMs));
  }

  start(): void {
    this.#link.start();
  }

  /**
   * A polite end: nothing new is taken, what is on the wire is answered and recorded, the session unbound. Once it has
   * resolved another process may begin its own term.
   */
  async handOver(): Promise<void> {
    this.#outbound.close();
    await this.#link.close({ drainMs: DRAIN_MS });
    const { clock, log } = this.#context;
    const cancel = clock.setTimer(RECORD_MS, () => {
      log.error('the tables did not take everything in time; the next owner decides');
      this.#gone.abort();
    });
    await this.#outbound.settled();
    cancel();
  }

  /** The lease is gone: not one more PDU, not one more write. */
  abandon(): void {
    this.#gone.abort();
    this.#link.destroy();
    this.#outbound.close();
  }

  /** Resolves when the last poll has ended, so that the process can exit without keeping a message hidden. */
  async stop(): Promise<void> {
    await this.#outbound.stop();
    await this.#outbound.settled();
  }

  #makeLink(): Link<SegmentRef> {
    const { clock, random, log, credentials, wallClock, receipts, timeScale = 1 } = this.#context;
    const account = this.#account;
    return new Link<SegmentRef>({
      account,
      credentials: () => credentials(account),
      clock,
      random,
      timeScale,
      log,
      gate: this.#gate,
      handlers: {
        onStatus: (status) => this.#onStatus(status),
        onDeliver: (pdu) =>
          deliver(pdu, { account, receipts, log, wallClock, count: (what) => void (this.counts[what] += 1) }),
        onLateAnswer: (answer) => void this.#onLateAnswer(answer),
      },
    });
  }

  #makeOutbound({ owner, fence, mayLead }: TermLease): Outbound {
    const { sqs, clock, wallClock, log, messages, receipts } = this.#context;
    const account = this.#account;
    const queueUrl = (lane: Lane) => this.#context.queueUrl(account.name, lane);
    return new Outbound({
      settle: {
        account,
        statuses: this.#statuses,
        messages,
        receipts,
        clock,
        wallClock,
        log,
        gone: this.#gone.signal,
      },
      wire: {
        submitReady: () => this.#link.submitReady(),
        submit: (pdu, context) => this.#link.submit(pdu, context),
        nextAt: (nowMs) => this.#gate.nextAt(nowMs),
        rebind: (commandStatus) => this.#link.rebind(commandStatus),
      },
      queue: new SqsLaneQueue({ sqs, queueUrl, log }),
      intake: (lane, hooks) =>
        new LaneIntake({ lane, queueUrl: queueUrl(lane), sqs, clock, log: log.with({ lane }), ...hooks }),
      lease: { owner, fence },
      mayLead,
    });
  }

  #onStatus(status: LinkStatus): void {
    if (status.canSubmit) this.#outbound.open();
    else this.#outbound.close();
  }

  async #onLateAnswer(answer: LateAnswer<SegmentRef>): Promise<void> {
    try {
      await this.#outbound.answeredLate(answer);
    } catch (error) {
      this.#log.error('a late answer was not recorded; its receipt will settle the segment', { error });
    }
  }
}
