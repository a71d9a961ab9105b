import { join } from 'node:path';
import type { QueueMeasure, Queues } from '../api.ts';
import { REGION } from '../arn.ts';
import { type AwsAnswer, type AwsCall, AwsError, type AwsService } from '../call.ts';
import { queueAttributes } from './attributes.ts';
import { type FauxqsHandler, type FauxqsQueue, type FauxqsStore, isFauxqsError, loadFauxqs } from './fauxqs.ts';
import { type QueuedMessage, QueueJournal } from './journal.ts';
import { receive } from './receive.ts';

interface Parts {
  store: FauxqsStore;
  handlers: Map<string, FauxqsHandler>;
  journal: QueueJournal;
  left: QueuedMessage[];
  host: () => string;
}

/** SQS in this process: fauxqs' queues behind a journal, so that they survive a restart and a kill. */
export class EmbeddedQueues implements AwsService, Queues {
  readonly #store: FauxqsStore;
  readonly #handlers: Map<string, FauxqsHandler>;
  readonly #journal: QueueJournal;
  /** `host:port` of the front, which queue URLs name, because SDKs send to the host of the queue's URL. */
  readonly #host: () => string;
  /** Messages of an earlier run, by queue, until that queue is made again. */
  readonly #orphans: Map<string, QueuedMessage[]>;

  private constructor(parts: Parts) {
    this.#store = parts.store;
    this.#handlers = parts.handlers;
    this.#journal = parts.journal;
    this.#host = parts.host;
    this.#orphans = Map.groupBy(parts.left, ({ queue }) => queue);
  }

  static async open(options: {
    stateDirectory: string;
    host: () => string;
    log: (line: string) => void;
  }): Promise<EmbeddedQueues> {
    const { store, handlers } = await loadFauxqs();
    const { journal, left } = await QueueJournal.open(join(options.stateDirectory, 'queues.jsonl'), options.log);
    store.host = '';
    store.region = REGION;
    store.persistence = journal;
    return new EmbeddedQueues({ store, handlers, journal, left, host: options.host });
  }

  async createQueue(queue: {
    name: string;
    attributes?: Record<string, unknown>;
  }): Promise<{ url: string; arn: string }> {
    const Attributes = queueAttributes(queue.attributes ?? {});
    const existing = this.#store.getQueueByName(queue.name);
    if (existing) await this.#run('SetQueueAttributes', { QueueUrl: existing.url, Attributes });
    else await this.#run('CreateQueue', { QueueName: queue.name, Attributes });
    const created = this.#store.getQueueByName(queue.name);
    if (!created) throw new AwsError('QueueDoesNotExist', `Queue ${queue.name} was not made`);
    return { url: created.url, arn: created.arn };
  }

  orphans(): { name: string; messages: number }[] {
    return [...this.#orphans].map(([name, messages]) => ({ name, messages: messages.length }));
  }

  measure(): QueueMeasure[] {
    return [...this.#store.allQueues()].map((queue) => {
      queue.processTimers();
      const { ready, delayed, inflight } = queue.inspectMessages();
      const sentAt = [...ready, ...inflight.map(({ message }) => message)].map(({ sentTimestamp }) => sentTimestamp);
      const oldestAt = sentAt.reduce((oldest, at) => Math.min(oldest, at), Infinity);
      return {
        name: queue.name,
        visible: ready.length,
        hidden: inflight.length,
        delayed: delayed.length,
        oldestAgeSeconds: oldestAt === Infinity ? 0 : (Date.now() - oldestAt) / 1000,
      };
    });
  }

  async handle(call: AwsCall): Promise<AwsAnswer> {
    try {
      return await this.#answer(call);
    } catch (cause) {
      if (!isFauxqsError(cause)) throw cause;
      return {
        status: cause.statusCode,
        headers: { 'x-amzn-query-error': cause.queryErrorHeader },
        body: JSON.stringify(cause.toJSON()),
      };
    }
  }

  async close(): Promise<void> {
    this.#store.shutdown();
    this.#journal.close();
  }

  async #answer(call: AwsCall): Promise<AwsAnswer> {
    const { action, input } = call;
    const queue = typeof input.QueueUrl === 'string' ? this.#store.getQueue(input.QueueUrl) : undefined;
    if (action === 'ReceiveMessage' && queue) return this.#receive(call, queue);
    // fauxqs counts what has become due only when someone receives.
    if (action === 'GetQueueAttributes') queue?.processTimers();
    return { status: 200, body: JSON.stringify(await this.#run(action, input)) };
  }

  async #receive({ input, signal }: AwsCall, queue: FauxqsQueue): Promise<AwsAnswer> {
    const poll = (short: Record<string, unknown>) => this.#run('ReceiveMessage', short);
    const { output, handles } = await receive({ input, signal, queue, poll });
    const undelivered = (): void => {
      for (const handle of handles) queue.changeVisibility(handle, 0);
    };
    return { status: 200, body: JSON.stringify(output), undelivered };
  }

  async #run(action: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const handler = this.#handlers.get(action);
    if (!handler) throw new AwsError('UnsupportedOperation', `The local stack has no sqs:${action}`);
    const output = await handler({ ...input }, this.#store, { headers: { host: this.#host() } });
    if (action === 'CreateQueue') this.#adopt(String(input.QueueName));
    this.#journal.flush();
    if (this.#journal.overgrown) this.#journal.compact(this.#everyMessage());
    return output;
  }

  /** Gives a queue back what it held in an earlier run. The journal has these messages already. */
  #adopt(name: string): void {
    const queue = this.#store.getQueueByName(name);
    const left = this.#orphans.get(name);
    if (!queue || !left) return;
    this.#orphans.delete(name);
    queue.persistence = undefined;
    for (const { message } of left) queue.enqueue(message);
    queue.persistence = this.#journal;
  }

  #everyMessage(): QueuedMessage[] {
    const live = [...this.#store.allQueues()].flatMap((queue) => {
      const { ready, delayed, inflight } = queue.inspectMessages();
      const messages = [...inflight.map((entry) => entry.message), ...ready, ...delayed];
      return messages.map((message) => ({ queue: queue.name, message }));
    });
    return [...live, ...[...this.#orphans.values()].flat()];
  }
}
