import { randomUUID } from 'node:crypto';
import type { TableStream } from '../api.ts';
import { REGION } from '../arn.ts';
import type { StreamRecord } from '../call.ts';
import { type Database, type Item, itemSizeBytes, type Operation } from './dynalite.ts';
import type { GroupCommit } from './group-commit.ts';

const SEQUENCE_DIGITS = 21;
const DEFAULT_READ_LIMIT = 100;
/** A stream that nobody consumes must not grow without end. */
const KEPT_WITHOUT_CONSUMERS = 10_000;

interface StreamState {
  /** Sequence number that each consumer has passed. */
  consumers: Record<string, number>;
  trimmedThrough: number;
}

export interface ItemImages {
  keys: Item;
  old: Item | undefined;
  next: Item | undefined;
  /** TTL removed the item, nobody called. */
  expired: boolean;
}

interface Parts {
  table: string;
  arn: string;
  database: Database;
  commits: GroupCommit;
  now: () => number;
  state: StreamState;
  last: number;
}

/**
 * The stream of one table, in the database that holds the items: a record is written in one batch with the change that it tells of, so
 * neither is ever there without the other. Records stay until every consumer has passed them.
 */
export class Stream implements TableStream {
  readonly arn: string;
  readonly #parts: Parts;
  readonly #state: StreamState;
  readonly #waiters = new Set<() => void>();
  /** Sequence numbers given out, and the last one that is written. */
  #given: number;
  #last: number;

  private constructor(parts: Parts) {
    this.arn = parts.arn;
    this.#parts = parts;
    this.#state = parts.state;
    this.#given = parts.last;
    this.#last = parts.last;
  }

  static async open(parts: Omit<Parts, 'state' | 'last'>): Promise<Stream> {
    const { database, table } = parts;
    const stored = (await database.get(statePlace(table))) as StreamState | undefined;
    const state = stored ?? { consumers: {}, trimmedThrough: 0 };
    const [newest] = await database.keys({ ...allOf(table), reverse: true, limit: 1 }).all();
    const last = newest === undefined ? state.trimmedThrough : Number(newest.slice(-SEQUENCE_DIGITS));
    return new Stream({ ...parts, state, last });
  }

  /** Writes the operations of a change and its record as one. */
  async append(operations: Operation[], images: ItemImages): Promise<void> {
    this.#given += 1;
    const sequence = this.#given;
    const { table, commits } = this.#parts;
    const record: Operation = { type: 'put', key: recordPlace(table, sequence), value: this.#record(sequence, images) };
    const surplus = Object.keys(this.#state.consumers).length === 0 ? sequence - KEPT_WITHOUT_CONSUMERS : 0;
    const trim: Operation[] = surplus > 0 ? [{ type: 'del', key: recordPlace(table, surplus) }] : [];
    await commits.append([...operations, record, ...trim]);
    this.#last = Math.max(this.#last, sequence);
    for (const wake of this.#waiters) wake();
  }

  async setConsumers(consumers: { name: string; startingPosition: 'TRIM_HORIZON' | 'LATEST' }[]): Promise<void> {
    const known = this.#state.consumers;
    this.#state.consumers = Object.fromEntries(
      consumers.map(({ name, startingPosition }) => {
        const start = startingPosition === 'LATEST' ? this.#last : this.#state.trimmedThrough;
        return [name, known[name] ?? start];
      }),
    );
    await this.#save();
  }

  position(consumer: string): string {
    return sequenceText(this.#passedBy(consumer));
  }

  async read({ after, limit = DEFAULT_READ_LIMIT }: { after: string; limit?: number }): Promise<StreamRecord[]> {
    const from = this.#resolve(after);
    if (from >= this.#last) return [];
    const { database, table } = this.#parts;
    const range = { gt: recordPlace(table, from), lt: allOf(table).lt, limit };
    return (await database.values(range).all()) as StreamRecord[];
  }

  async waitForRecords(after: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<boolean> {
    const from = this.#resolve(after);
    if (this.#last > from || options.signal?.aborted) return this.#last > from;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const timer = setTimeout(wake, options.timeoutMs);
    this.#waiters.add(wake);
    options.signal?.addEventListener('abort', wake, { once: true });
    await promise;
    clearTimeout(timer);
    this.#waiters.delete(wake);
    options.signal?.removeEventListener('abort', wake);
    return this.#last > from;
  }

  async checkpoint(consumer: string, sequenceNumber: string): Promise<void> {
    const passed = Number(sequenceNumber);
    if (passed <= this.#passedBy(consumer)) return;
    this.#state.consumers[consumer] = passed;
    await this.#save();
  }

  #passedBy(consumer: string): number {
    const passed = this.#state.consumers[consumer];
    if (passed === undefined) throw new Error(`The stream of ${this.#parts.table} has no consumer ${consumer}`);
    return passed;
  }

  #resolve(after: string): number {
    if (after === 'TRIM_HORIZON') return this.#state.trimmedThrough;
    return after === 'LATEST' ? this.#last : Number(after);
  }

  /** Writes positions down and drops, in the same batch, what everyone has passed. */
  async #save(): Promise<void> {
    const { table, commits } = this.#parts;
    const positions = Object.values(this.#state.consumers);
    const passedByAll = positions.length === 0 ? 0 : Math.min(...positions);
    const operations: Operation[] = [];
    for (; this.#state.trimmedThrough < passedByAll; this.#state.trimmedThrough += 1) {
      operations.push({ type: 'del', key: recordPlace(table, this.#state.trimmedThrough + 1) });
    }
    operations.push({ type: 'put', key: statePlace(table), value: structuredClone(this.#state) });
    await commits.append(operations);
  }

  #record(sequence: number, { keys, old, next, expired }: ItemImages): StreamRecord {
    return {
      eventID: randomUUID().replaceAll('-', ''),
      eventName: old === undefined ? 'INSERT' : next === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: REGION,
      eventSourceARN: this.arn,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#parts.now() / 1000),
        Keys: keys,
        ...(next && { NewImage: next }),
        ...(old && { OldImage: old }),
        SequenceNumber: sequenceText(sequence),
        SizeBytes: [keys, old, next].reduce((sum, item) => sum + (item ? itemSizeBytes(item) : 0), 0),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      ...(expired && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
    };
  }
}

const sequenceText = (sequence: number): string => String(sequence).padStart(SEQUENCE_DIGITS, '0');
const recordPlace = (table: string, sequence: number): string => `stream~${table}~${sequenceText(sequence)}`;
const statePlace = (table: string): string => `stream-state~${table}`;
/** `:` is the character after `9`. */
const allOf = (table: string) => ({ gte: `stream~${table}~`, lt: `stream~${table}~:` });
