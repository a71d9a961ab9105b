import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Lane } from '../../shared/config/account.ts';
import type { Log } from '../../shared/log/log.ts';
import { parseLaneBody } from '../../shared/queue/lanes.ts';
import type { Clock } from '../session/clock.ts';

/** How long a received message stays hidden without a sign of life from us; short, so that a crash gives it back soon. */
export const HIDDEN_SECONDS = 30;
/** One long poll. Short enough that stopping need not wait for it long, long enough to cost little. */
const POLL_SECONDS = 5;
const FAULT_PAUSE_MS = 1_000;

/** A queue message in our hands. */
export interface QueuedItem {
  lane: Lane;
  messageId: string;
  receiptHandle: string;
  /** Monotonic milliseconds: when its hidden time was last started. */
  hiddenSince: number;
}

export interface LaneIntakeOptions {
  lane: Lane;
  queueUrl: string;
  sqs: SQSClient;
  clock: Clock;
  log: Log;
  /** How many more messages may be taken now; asked before each poll. */
  credits: () => number;
  onItem: (item: QueuedItem) => void;
}

/** Receives one lane's queue by credits: it never takes more than the outbound side can soon send (architecture section 5). */
export class LaneIntake {
  readonly #options: LaneIntakeOptions;
  #abort: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: LaneIntakeOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#abort) return;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal);
  }

  /** Takes nothing more. What a poll under way still brings is handed over before this resolves. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    this.#abort = undefined;
    this.#wake();
    await this.#running;
  }

  /** Credits may have come back. */
  wake(): void {
    this.#wake();
  }

  async #run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const credits = Math.min(10, this.#options.credits());
      if (credits <= 0) await this.#sleepUntilWoken(stopped);
      else await this.#poll(credits, stopped);
    }
  }

  async #poll(credits: number, stopped: AbortSignal): Promise<void> {
    const { sqs, queueUrl, log } = this.#options;
    try {
      const asked = this.#options.clock.now();
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: credits,
          WaitTimeSeconds: POLL_SECONDS,
          VisibilityTimeout: HIDDEN_SECONDS,
        }),
        { abortSignal: stopped },
      );
      for (const { Body, ReceiptHandle, MessageId } of Messages) {
        const messageId = parseLaneBody(Body);
        if (messageId === undefined || ReceiptHandle === undefined) {
          // It stays in the queue and moves to the dead-letter queue after its last receive.
          log.error('a queue message that is not ours', { sqsMessageId: MessageId });
          continue;
        }
        this.#options.onItem({ lane: this.#options.lane, messageId, receiptHandle: ReceiptHandle, hiddenSince: asked });
      }
    } catch (error) {
      if (stopped.aborted) return;
      log.warn('lane not received, trying again', { error });
      await new Promise<void>((resolve) => {
        const cancel = this.#options.clock.setTimer(FAULT_PAUSE_MS, resolve);
        stopped.addEventListener('abort', () => {
          cancel();
          resolve();
        });
      });
    }
  }

  async #sleepUntilWoken(stopped: AbortSignal): Promise<void> {
    if (stopped.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = () => undefined;
  }
}

/** What can be done with a queue message in our hands. Failures are harmless: it becomes visible again by itself. */
export class LaneQueueHandle {
  readonly #sqs: SQSClient;
  readonly #queueUrl: (lane: Lane) => string;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(options: { sqs: SQSClient; queueUrl: (lane: Lane) => string; clock: Clock; log: Log }) {
    this.#sqs = options.sqs;
    this.#queueUrl = options.queueUrl;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** It is done with. */
  async remove(item: QueuedItem): Promise<void> {
    await this.#quietly('not deleted', item, () =>
      this.#sqs.send(
        new DeleteMessageCommand({ QueueUrl: this.#queueUrl(item.lane), ReceiptHandle: item.receiptHandle }),
      ),
    );
  }

  /** Somebody, perhaps we, may receive it again after `delaySeconds`. */
  async giveBack(item: QueuedItem, delaySeconds = 0): Promise<void> {
    await this.#hide(item, delaySeconds, 'not given back');
  }

  /** We still hold it. */
  async extend(item: QueuedItem): Promise<void> {
    item.hiddenSince = this.#clock.now();
    await this.#hide(item, HIDDEN_SECONDS, 'not kept hidden');
  }

  async #hide(item: QueuedItem, seconds: number, failure: string): Promise<void> {
    await this.#quietly(failure, item, () =>
      this.#sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: this.#queueUrl(item.lane),
          ReceiptHandle: item.receiptHandle,
          VisibilityTimeout: seconds,
        }),
      ),
    );
  }

  async #quietly(failure: string, item: QueuedItem, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#log.warn(`queue message ${failure}; it becomes visible again by itself`, {
        lane: item.lane,
        messageId: item.messageId,
        error,
      });
    }
  }
}
