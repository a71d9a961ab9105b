import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Lane } from '../../shared/config/account.ts';
import type { Log } from '../../shared/log/log.ts';
import { parseLaneBody } from '../../shared/queue/lanes.ts';
import type { Clock } from '../session/clock.ts';
import { HIDDEN_SECONDS, type QueuedItem } from './lane-queue.ts';

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

export interface LaneIntakeOptions {
  lane: Lane;
  queueUrl: string;
  sqs: Pick<SQSClient, 'send'>;
  clock: Clock;
  log: Log;
  /** How many more messages may be taken now; asked before each poll. */
  credits: () => number;
  onItem: (item: QueuedItem) => void;
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
    const cancel = this.#options.clock.setTimer(POLL_OVERDUE_MS, () => this.#cutOff.abort());
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
    });
    try {
      const { Messages = [] } = await sqs.send(receive, { abortSignal: this.#cutOff.signal });
      for (const message of Messages) this.#handOver(message, asked);
    } catch (error) {
      if (this.#stopped) return;
      log.warn('lane not received, trying again', { error });
      await new Promise<void>((resolve) => {
        clock.setTimer(FAULT_PAUSE_MS, resolve);
      });
    }
  }

  #handOver({ Body, ReceiptHandle, MessageId }: Message, hiddenSince: number): void {
    const { lane, log, onItem } = this.#options;
    const messageId = parseLaneBody(Body);
    // What is not ours stays in the queue and moves to the dead-letter queue after its last receive.
    if (messageId === undefined || ReceiptHandle === undefined)
      log.error('a queue message that is not ours', { sqsMessageId: MessageId });
    else onItem({ lane, messageId, receiptHandle: ReceiptHandle, hiddenSince });
  }

  async #untilWoken(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = () => undefined;
  }
}
