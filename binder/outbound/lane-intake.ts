import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Lane } from '../../shared/config/account.ts';
import type { Log } from '../../shared/log/log.ts';
import { parseLaneBody } from '../../shared/queue/lanes.ts';
import { type Clock, passMs, setDeadline } from '../session/clock.ts';
import { type Delivery, HIDDEN_SECONDS, type QueuedItem } from './lane-queue.ts';

/** One long poll. Short enough that stopping need not wait for it long, long enough to cost little. */
const POLL_SECONDS = 2;
/** A poll that has not ended by then is cut off when stopping. */
const POLL_OVERDUE_MS = 4_000;
const FAULT_PAUSE_MS = 1_000;
/** SQS gives no more at once. */
const MOST_PER_POLL = 10;

/** The reader of one lane's queue. */
export interface Intake {
  start(): void;
  /** Polls no more. Resolves when the poll under way has ended; what it still brings is handed over as always. */
  stop(): Promise<void>;
  /** Credits may have come back. */
  wake(): void;
}

/** What the reader of a lane asks and tells. */
export interface IntakeHooks {
  /** How many more messages may be taken now; asked before each poll. */
  credits: () => number;
  onItem: (item: QueuedItem) => void;
  /** A queue message that is none of ours. */
  onUnreadable: (delivery: Delivery) => void;
}

export interface LaneIntakeOptions extends IntakeHooks {
  lane: Lane;
  queueUrl: string;
  sqs: Pick<SQSClient, 'send'>;
  clock: Clock;
  log: Log;
}

/**
 * Receives one lane's queue by credits: it never takes more than the outbound side can soon send (architecture section 5).
 * A poll is never cut off while there is time: what SQS had handed to it would stay hidden from everybody.
 */
export class LaneIntake implements Intake {
  readonly #options: LaneIntakeOptions;
  readonly #cutOff = new AbortController();
  #running: Promise<void> | undefined;
  #stopped = false;
  #wake: () => void = () => undefined;

  constructor(options: LaneIntakeOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    const cancel = setDeadline(POLL_OVERDUE_MS, this.#options.clock, () => this.#cutOff.abort());
    await this.#running;
    cancel();
  }

  wake(): void {
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const credits = Math.min(MOST_PER_POLL, this.#options.credits());
      if (credits <= 0) await this.#untilWoken();
      else await this.#poll(credits);
    }
  }

  async #poll(credits: number): Promise<void> {
    const { sqs, queueUrl, clock, log } = this.#options;
    const asked = clock.now();
    const receive = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: credits,
      WaitTimeSeconds: POLL_SECONDS,
      VisibilityTimeout: HIDDEN_SECONDS,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    try {
      const { Messages = [] } = await sqs.send(receive, { abortSignal: this.#cutOff.signal });
      for (const message of Messages) this.#handOver(message, asked);
    } catch (error) {
      if (this.#stopped) return log.warn('poll cut off; what it brought becomes visible again by itself', { error });
      log.warn('lane not received, trying again', { error });
      await passMs(FAULT_PAUSE_MS, clock);
    }
  }

  #handOver({ Body: body = '', ReceiptHandle: receiptHandle, Attributes }: Message, hiddenSince: number): void {
    const { lane, onItem, onUnreadable } = this.#options;
    if (receiptHandle === undefined) return;
    const messageId = parseLaneBody(body);
    const receives = Number(Attributes?.ApproximateReceiveCount ?? 1);
    if (messageId === undefined) onUnreadable({ lane, receiptHandle, body });
    else onItem({ lane, messageId, receiptHandle, body, receives, hiddenSince });
  }

  async #untilWoken(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = () => undefined;
  }
}
