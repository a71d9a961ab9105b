import { Tally } from '../../../binder/metrics/tally.ts';
import { LaneIntake } from '../../../binder/outbound/lane-intake.ts';
import { SqsLaneQueue } from '../../../binder/outbound/lane-queue.ts';
import type { OptOutCheck } from '../../../binder/outbound/opt-out-check.ts';
import { Outbound } from '../../../binder/outbound/outbound.ts';
import { StatusTable } from '../../../binder/session/status-table.ts';
import { type Account, accountSchema, type Lane } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';
import { MemoryLanes } from './memory-lanes.ts';
import { MemoryMessages } from './memory-messages.ts';
import { ScriptedWire } from './scripted-wire.ts';

const FIRST_FENCE = 7;

type AccountDifferences = Partial<typeof accountInput> & { bulkShare?: number };

/** The outbound side of one account on simulated time, between queues, tables and a link in memory. */
export class Rig {
  readonly clock: SimulatedClock;
  readonly messages: MemoryMessages;
  optOut: OptOutCheck = async () => await Promise.resolve(undefined);
  readonly lanes: MemoryLanes;
  readonly account: Account;
  readonly fence: number;
  readonly wire: ScriptedWire;
  readonly log = quietLog();
  readonly tally = new Tally();
  readonly gone = new AbortController();
  readonly outbound: Outbound;
  mayLead = true;

  /** @param before the owner before this one, whose tables and queues it takes over */
  constructor(account: AccountDifferences = {}, before?: Rig) {
    this.account = accountSchema.parse({ ...accountInput, ...account });
    this.clock = before?.clock ?? new SimulatedClock(0);
    this.messages = before?.messages ?? new MemoryMessages(this.clock);
    this.lanes = before?.lanes ?? new MemoryLanes(this.clock);
    this.fence = before ? before.fence + 1 : FIRST_FENCE;
    this.wire = new ScriptedWire(this.clock, this.account.segmentsPerSecond);
    this.outbound = this.#makeOutbound();
  }

  /** A rig whose link is bound. */
  static bound(account: AccountDifferences = {}): Rig {
    const rig = new Rig(account);
    rig.bind();
    return rig;
  }

  /** Epoch milliseconds. */
  wallClock(): number {
    return CREATED_AT + this.clock.now();
  }

  bind(): void {
    this.wire.bound = true;
    this.outbound.open();
  }

  /** The link is gone, as the real one tells it. */
  lose(): void {
    this.wire.lose();
    this.outbound.close();
  }

  /** Stores a message and puts it into its lane. */
  enqueue(lane: Lane, messageId: string, different: Parameters<typeof queuedMessage>[0] = {}): Message {
    const message = queuedMessage({ messageId: `msg_${messageId}`, lane, account: 'test', ...different });
    this.messages.add(message);
    this.lanes.add(lane, message.messageId);
    return message;
  }

  enqueueMany(lane: Lane, count: number): string[] {
    return Array.from({ length: count }, (_, i) => this.enqueue(lane, `${lane}${i}`).messageId);
  }

  status(messageId: string): string {
    return this.messages.of(`msg_${messageId}`).status;
  }

  /** What went over the wire, as `id` or `id/segment`. */
  get sent(): string[] {
    return this.wire.submits.map(({ messageId, index }) => `${messageId.slice(4)}${index > 0 ? `/${index}` : ''}`);
  }

  #makeOutbound(): Outbound {
    const { clock, log, messages } = this;
    const { sqs } = this.lanes;
    return new Outbound({
      settle: {
        account: this.account,
        statuses: new StatusTable(this.account.statuses),
        messages,
        receipts: messages,
        clock,
        log,
        tally: this.tally,
        gone: this.gone.signal,
        wallClock: () => this.wallClock(),
      },
      wire: this.wire,
      queue: new SqsLaneQueue({ sqs, queueUrl: MemoryLanes.url, log }),
      intake: (lane, hooks) => new LaneIntake({ lane, queueUrl: MemoryLanes.url(lane), sqs, clock, log, ...hooks }),
      optOut: (message) => this.optOut(message),
      lease: { owner: `owner-${this.fence}`, fence: this.fence },
      mayLead: () => this.mayLead,
    });
  }
}
