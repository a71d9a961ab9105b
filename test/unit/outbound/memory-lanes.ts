import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Lane } from '../../../shared/config/account.ts';
import { laneBody } from '../../../shared/queue/lanes.ts';
import type { SimulatedClock } from '../../fixtures/simulated-clock.ts';

interface Queued {
  lane: string;
  body: string;
  receipts: string[];
  visibleAtMs: number;
}

export type QueueCall = 'receive' | 'delete' | 'visibility' | 'park';

/** What stands in a dead-letter queue. */
interface DeadLetter {
  queue: string;
  body: string;
  attributes: Record<string, string | undefined>;
}

/** SQS in memory on simulated time, as its client sees it: long polls, hidden times, handles, and faults by choice. */
export class MemoryLanes {
  readonly #clock: SimulatedClock;
  #queued: Queued[] = [];
  #handles = 0;
  readonly #waiting = new Set<() => void>();
  /** Time of a call, milliseconds; `fails` true lets it fail. */
  latencyMs = 2;
  fails: (call: QueueCall) => boolean = () => false;
  readonly calls: { call: QueueCall; seconds?: number; atMs: number }[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly sqs: Pick<SQSClient, 'send'>;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
    this.sqs = { send: ((command: unknown) => this.#send(command)) as SQSClient['send'] };
  }

  static url(this: void, lane: Lane): string {
    return `queue-${lane}`;
  }

  add(lane: Lane, messageId: string): void {
    this.addBody(lane, laneBody(messageId));
  }

  addBody(lane: Lane, body: string): void {
    this.#queued.push({ lane: MemoryLanes.url(lane), body, receipts: [], visibleAtMs: this.#clock.now() });
    this.#changed();
  }

  /** Bodies that are still in any queue. */
  get left(): string[] {
    return this.#queued.map(({ body }) => body);
  }

  holds(messageId: string): boolean {
    return this.#queued.some(({ body }) => body === laneBody(messageId));
  }

  /** When a message can be received again. */
  visibleAtMs(messageId: string): number | undefined {
    return this.#queued.find(({ body }) => body === laneBody(messageId))?.visibleAtMs;
  }

  timesReceived(messageId: string): number {
    return this.#queued.find(({ body }) => body === laneBody(messageId))?.receipts.length ?? 0;
  }

  /** As if it had been delivered so often already. */
  receivedBefore(messageId: string, times: number): void {
    const queued = this.#queued.find(({ body }) => body === laneBody(messageId));
    queued?.receipts.push(...Array<string>(times).fill('of-another-time'));
  }

  /** Lets its hidden time run out now, so that it is delivered again to whoever asks. */
  reveal(messageId: string): void {
    for (const queued of this.#queued) if (queued.body === laneBody(messageId)) queued.visibleAtMs = this.#clock.now();
    this.#changed();
  }

  async #send(command: unknown): Promise<unknown> {
    if (command instanceof ReceiveMessageCommand) return await this.#receive(command.input);
    if (command instanceof DeleteMessageCommand) {
      await this.#call('delete');
      this.#queued = this.#queued.filter(({ receipts }) => receipts.at(-1) !== command.input.ReceiptHandle);
      return {};
    }
    if (command instanceof ChangeMessageVisibilityCommand) {
      const { ReceiptHandle, VisibilityTimeout = 0 } = command.input;
      await this.#call('visibility', VisibilityTimeout);
      const queued = this.#queued.find(({ receipts }) => receipts.at(-1) === ReceiptHandle);
      if (queued) queued.visibleAtMs = this.#clock.now() + VisibilityTimeout * 1000;
      this.#changed();
      return {};
    }
    if (command instanceof SendMessageCommand) {
      const { QueueUrl: queue = '', MessageBody: body = '', MessageAttributes = {} } = command.input;
      await this.#call('park');
      const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]);
      this.deadLetters.push({ queue, body, attributes: Object.fromEntries(attributes) as DeadLetter['attributes'] });
      return {};
    }
    throw new Error('a command that the lanes do not use');
  }

  async #receive(input: ReceiveMessageCommand['input']): Promise<{ Messages?: Message[] }> {
    const { QueueUrl, MaxNumberOfMessages = 1, WaitTimeSeconds = 0 } = input;
    await this.#call('receive');
    const untilMs = this.#clock.now() + WaitTimeSeconds * 1000;
    for (;;) {
      const now = this.#clock.now();
      const visible = this.#queued.filter(({ lane, visibleAtMs }) => lane === QueueUrl && visibleAtMs <= now);
      if (visible.length > 0 || now >= untilMs) {
        const Messages = visible.slice(0, MaxNumberOfMessages).map((queued) => this.#handOut(queued, input));
        await this.#pass(this.latencyMs);
        return Messages.length > 0 ? { Messages } : {};
      }
      const next = this.#queued.filter(({ lane }) => lane === QueueUrl).map(({ visibleAtMs }) => visibleAtMs);
      await this.#passOrChange(Math.min(untilMs, ...next) - now);
    }
  }

  async #passOrChange(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      this.#clock.setTimer(ms, resolve);
    });
  }

  /** Long polls look again. */
  #changed(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #handOut(
    queued: Queued,
    { VisibilityTimeout: hiddenSeconds = 30, MessageSystemAttributeNames: asked = [] }: ReceiveMessageCommand['input'],
  ): Message {
    this.#handles += 1;
    queued.receipts.push(`handle-${this.#handles}`);
    queued.visibleAtMs = this.#clock.now() + hiddenSeconds * 1000;
    return {
      Body: queued.body,
      ReceiptHandle: `handle-${this.#handles}`,
      ...(asked.includes('ApproximateReceiveCount') && {
        Attributes: { ApproximateReceiveCount: String(queued.receipts.length) },
      }),
    };
  }

  async #call(call: QueueCall, seconds?: number): Promise<void> {
    await this.#pass(this.latencyMs);
    this.calls.push({ call, atMs: this.#clock.now(), ...(seconds === undefined ? {} : { seconds }) });
    if (this.fails(call)) throw new Error(`the queue failed to ${call}`);
  }

  async #pass(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#clock.setTimer(ms, resolve);
    });
  }
}
