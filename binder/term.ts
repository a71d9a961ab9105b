import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Account, Credentials, Lane } from '../shared/config/account.ts';
import type { Log } from '../shared/log/log.ts';
import type { MessageStore } from '../shared/store/messages.ts';
import type { ReceiptStore } from '../shared/store/receipts.ts';
import { deliver } from './inbound/deliver.ts';
import { LaneIntake, LaneQueueHandle } from './outbound/lane-intake.ts';
import { Outbound } from './outbound/outbound.ts';
import { accepted, recordAccepted, type SettleContext } from './outbound/settle.ts';
import type { Clock } from './session/clock.ts';
import { Link } from './session/link.ts';
import type { LinkStatus } from './session/link-status.ts';
import { SubmitGate } from './session/pacing.ts';
import type { LateAnswer } from './session/session-events.ts';
import { STATUS } from './smpp/status.ts';

/** What every account of a binder shares. */
export interface BinderContext {
  messages: MessageStore;
  receipts: ReceiptStore;
  sqs: SQSClient;
  queueUrl: (account: string, lane: Lane) => string;
  credentials: (account: string) => Promise<Credentials>;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
  random: () => number;
  log: Log;
}

/** Which segment a submit_sm was, so that a late answer still finds it. */
interface SegmentRef {
  messageId: string;
  index: number;
}

/** Bounded wait for answers before unbinding. */
const DRAIN_MS = 20_000;

/** One term of office: everything that works while this process holds one account's lease, and nothing after it. */
export class Term {
  readonly #account: Account;
  readonly #context: BinderContext;
  readonly #log: Log;
  readonly #gone = new AbortController();
  readonly #gate: SubmitGate;
  readonly #link: Link<SegmentRef>;
  readonly #outbound: Outbound;
  readonly #settle: SettleContext;
  readonly counts = { receipt: 0, inbound: 0, not_stored: 0 };

  constructor(
    account: Account,
    lease: { owner: string; fence: number; mayLead: () => boolean },
    context: BinderContext,
  ) {
    this.#account = account;
    this.#context = context;
    this.#log = context.log;
    const { messages, receipts, clock, wallClock, log } = context;
    this.#gate = new SubmitGate({ segmentsPerSecond: account.segmentsPerSecond });
    this.#settle = { account, messages, receipts, clock, wallClock, log, gone: this.#gone.signal };
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
      inbound: { ...this.counts },
    };
  }

  start(): void {
    this.#link.start();
  }

  /** A polite end: nothing new is taken, what is on the wire is answered and recorded, the session unbound. */
  async handOver(): Promise<void> {
    await this.#outbound.close();
    await this.#link.close({ drainMs: DRAIN_MS });
    await this.#outbound.idle();
  }

  /** The lease is gone: not one more PDU, not one more write. */
  abandon(): void {
    this.#gone.abort();
    this.#link.destroy();
    void this.#outbound.close();
  }

  #makeLink(): Link<SegmentRef> {
    const { clock, random, log, credentials, wallClock, receipts } = this.#context;
    const account = this.#account;
    return new Link<SegmentRef>({
      account,
      credentials: () => credentials(account.name),
      clock,
      random,
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

  #makeOutbound({ owner, fence, mayLead }: { owner: string; fence: number; mayLead: () => boolean }): Outbound {
    const { sqs, clock, wallClock, log } = this.#context;
    const account = this.#account;
    const queueUrl = (lane: Lane) => this.#context.queueUrl(account.name, lane);
    return new Outbound({
      settle: this.#settle,
      claimant: { owner, fence, lanes: account.lanes, now: wallClock },
      wire: {
        submitReady: () => this.#link.submitReady(),
        submit: (pdu, context) => this.#link.submit(pdu, context),
        nextAt: (nowMs) => this.#gate.nextAt(nowMs),
      },
      queue: new LaneQueueHandle({ sqs, queueUrl, clock, log }),
      intake: (lane, hooks) =>
        new LaneIntake({ lane, queueUrl: queueUrl(lane), sqs, clock, log: log.with({ lane }), ...hooks }),
      mayLead,
    });
  }

  #onStatus(status: LinkStatus): void {
    if (status.state === 'bound') this.#outbound.open();
    else void this.#outbound.close();
  }

  async #onLateAnswer({ context, commandStatus, messageId }: LateAnswer<SegmentRef>): Promise<void> {
    if (commandStatus !== STATUS.ok) return;
    const answer = {
      index: context.index,
      at: this.#context.wallClock(),
      ...(messageId === undefined ? {} : { messageId }),
    };
    try {
      await recordAccepted({ ...answer, ours: context.messageId }, this.#settle);
      await this.#context.messages.change(context.messageId, accepted(answer));
      this.#log.info('a late answer settled a segment', { messageId: context.messageId, segment: context.index });
    } catch (error) {
      this.#log.error('a late answer was not recorded; its receipt will settle the segment', { error });
    }
  }
}
