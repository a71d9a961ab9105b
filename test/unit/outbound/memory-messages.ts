import type { MessageChanges } from '../../../binder/outbound/message-in-hand.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import type { Changed } from '../../../shared/store/messages.ts';
import type { SimulatedClock } from '../../fixtures/simulated-clock.ts';

/** What becomes of one call of a table. */
export interface TableFate {
  /** Half of it before the table acts, half after. */
  tookMs: number;
  /**
   * `lost`: an error before anything was done. `unanswered`: done, but the caller gets an error. `repeated`: done, then the
   * SDK did not hear of it and asked again, so the caller gets the answer to the second time.
   */
  outcome: 'ok' | 'lost' | 'unanswered' | 'repeated';
}

export interface TableCall {
  kind: 'get' | 'change' | 'segment_row';
  messageId: string;
  change?: MessageChange;
}

export const SOUND: TableFate = { tookMs: 4, outcome: 'ok' };

/** The Messages table in memory: changes are applied to what is stored, as the real one's races end. */
export class MemoryMessages implements MessageChanges {
  readonly #clock: SimulatedClock;
  readonly #stored = new Map<string, Message>();
  fate: (call: TableCall) => TableFate = () => SOUND;
  /** Changes that did something, in order. */
  readonly changes: { messageId: string; change: MessageChange; atMs: number }[] = [];
  /** Rows of the Receipts table. */
  readonly segmentRows: { canonicalId: string; messageId: string; index: number }[] = [];

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  add(message: Message): void {
    this.#stored.set(message.messageId, message);
  }

  /** Takes a message out, as if it were not stored yet. */
  hide(messageId: string): void {
    this.#stored.delete(messageId);
  }

  of(messageId: string): Message {
    const message = this.#stored.get(messageId);
    if (!message) throw new Error(`no message ${messageId}`);
    return message;
  }

  all(): Message[] {
    return [...this.#stored.values()];
  }

  kindsOf(messageId: string): string[] {
    return this.changes.filter((entry) => entry.messageId === messageId).map(({ change }) => change.kind);
  }

  async get(messageId: string): Promise<Message | undefined> {
    return await this.#call({ kind: 'get', messageId }, () => this.#stored.get(messageId));
  }

  async change(messageId: string, change: MessageChange): Promise<Changed> {
    return await this.#call({ kind: 'change', messageId, change }, () => this.apply(messageId, change));
  }

  async putSegment(canonicalId: string, row: { messageId: string; index: number }): Promise<void> {
    const { messageId, index } = row;
    await this.#call({ kind: 'segment_row', messageId }, () => {
      const known = this.segmentRows.some((other) => other.canonicalId === canonicalId);
      if (!known) this.segmentRows.push({ canonicalId, messageId, index });
    });
  }

  /** As another writer would: at once. */
  apply(messageId: string, change: MessageChange): Changed {
    const before = this.#stored.get(messageId);
    if (!before) return { kind: 'missing' };
    const result = applyChange(before, change);
    if (result.kind === 'unchanged') return { kind: 'unchanged', message: before };
    this.#stored.set(messageId, result.message);
    this.changes.push({ messageId, change, atMs: this.#clock.now() });
    return { kind: 'changed', before, message: result.message };
  }

  async #call<T>(call: TableCall, act: () => T): Promise<T> {
    const { tookMs, outcome } = this.fate(call);
    await this.#pass(tookMs / 2);
    if (outcome === 'lost') throw new Error('the table was not reached');
    const first = act();
    const result = outcome === 'repeated' ? act() : first;
    await this.#pass(tookMs / 2);
    if (outcome === 'unanswered') throw new Error('the table did not answer');
    return result;
  }

  async #pass(ms: number): Promise<void> {
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      this.#clock.setTimer(ms, resolve);
    });
  }
}
