import { existsSync, renameSync, rmSync } from 'node:fs';
import { AppendLog, linesOf } from '../append-log.ts';
import type { QueuePersistence, StoredMessage } from './fauxqs.ts';

export interface QueuedMessage {
  queue: string;
  message: StoredMessage;
}

/** One line of the journal: a message came, went, was received; a queue was emptied. */
type Entry =
  | ['+', queue: string, message: StoredMessage]
  | ['-', messageId: string]
  | ['r', messageId: string, receiveCount: number, firstReceivedAt: number | null]
  | ['p', queue: string];

const COMPACT_AFTER_BYTES = 32 * 1024 * 1024;

/**
 * What makes the queues survive this process: every change is a line in one file, and `flush` writes the lines of a call before the call
 * is answered. Lines of one call are written in one piece, so a message that moves to its dead-letter queue is never in neither.
 */
export class QueueJournal implements QueuePersistence {
  readonly #path: string;
  #log: AppendLog;
  #unwritten: string[] = [];
  #compactAtBytes = COMPACT_AFTER_BYTES;

  private constructor(path: string) {
    this.#path = path;
    this.#log = new AppendLog(path);
  }

  /** Reads what an earlier run left, and starts a file that holds nothing else. */
  static async open(
    path: string,
    log: (line: string) => void,
  ): Promise<{ journal: QueueJournal; left: QueuedMessage[] }> {
    const left = existsSync(path) ? await replay(path, log) : [];
    const journal = new QueueJournal(path);
    journal.compact(left);
    return { journal, left };
  }

  /** Time to call {@link compact}: the file has grown far beyond what it needs. */
  get overgrown(): boolean {
    return this.#log.sizeBytes > this.#compactAtBytes;
  }

  /** Writes a file that holds these messages and nothing else, and takes it as a whole or not at all. */
  compact(messages: QueuedMessage[]): void {
    const draftPath = `${this.#path}.new`;
    rmSync(draftPath, { force: true });
    const draft = new AppendLog(draftPath);
    draft.append(messages.map(({ queue, message }) => JSON.stringify(['+', queue, message] satisfies Entry)));
    renameSync(draftPath, this.#path);
    this.#log.close();
    this.#log = draft;
    this.#compactAtBytes = Math.max(COMPACT_AFTER_BYTES, 4 * draft.sizeBytes);
  }

  flush(): void {
    if (this.#unwritten.length === 0) return;
    this.#log.append(this.#unwritten);
    this.#unwritten = [];
  }

  close(): void {
    this.flush();
    this.#log.close();
  }

  insertMessage(queue: string, message: StoredMessage): void {
    this.#note(['+', queue, message]);
  }

  deleteMessage(messageId: string): void {
    this.#note(['-', messageId]);
  }

  updateMessageInflight(
    messageId: string,
    _receiptHandle: string,
    _visibilityDeadline: number,
    receiveCount: number,
    firstReceivedAt?: number,
  ): void {
    this.#note(['r', messageId, receiveCount, firstReceivedAt ?? null]);
  }

  deleteQueueMessages(queue: string): void {
    this.#note(['p', queue]);
  }

  deleteQueue(queue: string): void {
    this.#note(['p', queue]);
  }

  // Visibility is not kept: whoever received a message in an earlier run is gone. Queues and their attributes come from the template.
  updateMessageReady(): void {}
  insertQueue(): void {}
  updateQueueAttributes(): void {}
  updateQueueSequenceCounter(): void {}

  #note(entry: Entry): void {
    this.#unwritten.push(JSON.stringify(entry));
  }
}

async function replay(path: string, log: (line: string) => void): Promise<QueuedMessage[]> {
  const messages = new Map<string, QueuedMessage>();
  let unreadable = 0;
  for await (const line of linesOf(path)) {
    const entry = parseEntry(line);
    if (entry) apply(entry, messages);
    else unreadable += 1;
  }
  // The last line may be cut when the machine, not only the process, went down.
  if (unreadable > 0) log(`${unreadable} unreadable line(s) in ${path} were skipped`);
  return [...messages.values()];
}

function apply(entry: Entry, messages: Map<string, QueuedMessage>): void {
  switch (entry[0]) {
    case '+':
      // A message that moves to another queue takes its place at the end.
      messages.delete(entry[2].messageId);
      messages.set(entry[2].messageId, { queue: entry[1], message: entry[2] });
      return;
    case '-':
      messages.delete(entry[1]);
      return;
    case 'r': {
      const message = messages.get(entry[1])?.message;
      if (!message) return;
      message.approximateReceiveCount = entry[2];
      if (entry[3] !== null) message.approximateFirstReceiveTimestamp = entry[3];
      return;
    }
    case 'p':
      for (const [id, { queue }] of messages) if (queue === entry[1]) messages.delete(id);
  }
}

function parseEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Entry;
    return Array.isArray(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
