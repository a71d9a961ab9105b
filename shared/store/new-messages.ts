import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Message } from '../domain/message.ts';
import { newItem } from './messages.ts';

/** What one BatchWriteItem takes. */
const MOST_PUT = 25;
const CONCURRENT = 8;
/** What the table was too busy for comes back. */
const TRIES = 6;
const FIRST_WAIT_MS = 20;

/**
 * Many new messages by few calls. Such a call has no conditions, and so would undo what became of a message since it was
 * stored: hence nothing may happen to any of them before all are stored, and no call is repeated whose outcome is unknown.
 */
export class NewMessages {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #retentionDays: number;
  readonly #sleep: (ms: number) => Promise<unknown>;

  /** @param client one that tries each call once */
  constructor(
    client: DynamoDBDocumentClient,
    options: { table: string; retentionDays: number; sleep: (ms: number) => Promise<unknown> },
  ) {
    this.#client = client;
    this.#table = options.table;
    this.#retentionDays = options.retentionDays;
    this.#sleep = options.sleep;
  }

  /** @param signal ends it between two calls. @throws Error where the table does not take all in several tries */
  async put(messages: readonly Message[], signal?: AbortSignal): Promise<void> {
    const starts = Array.from(
      { length: Math.ceil(messages.length / MOST_PUT) },
      (_, chunk) => chunk * MOST_PUT,
    ).values();
    const worker = async () => {
      for (const start of starts) await this.#putChunk(messages.slice(start, start + MOST_PUT), signal);
    };
    await Promise.all(Array.from({ length: CONCURRENT }, worker));
  }

  async #putChunk(messages: readonly Message[], signal: AbortSignal | undefined): Promise<void> {
    let left = messages.map((message) => ({ PutRequest: { Item: newItem(message, this.#retentionDays) } }));
    for (let tries = 1; ; tries += 1) {
      signal?.throwIfAborted();
      const { UnprocessedItems } = await this.#client.send(
        new BatchWriteCommand({ RequestItems: { [this.#table]: left } }),
      );
      left = (UnprocessedItems?.[this.#table] ?? []) as typeof left;
      if (left.length === 0) return;
      if (tries === TRIES) throw new Error('the Messages table does not take all that it was given');
      await this.#sleep(FIRST_WAIT_MS * 2 ** tries);
    }
  }
}
