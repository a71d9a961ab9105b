import type { SessionEvent } from '../../shared/domain/account-event.ts';
import type { Log } from '../../shared/log/log.ts';
import type { HistoryStore, NewEntry } from '../../shared/store/control-histories.ts';
import { LeaseGoneError, untilStored } from '../outbound/until-stored.ts';
import type { Clock } from '../session/clock.ts';
import type { LinkStatus } from '../session/link-status.ts';
import type { StatusTable } from '../session/status-table.ts';
import { sessionChange, takenOver } from './session-changes.ts';

export interface ChronicleOptions {
  /** Of the term: an earlier owner writes nothing over a later one. */
  fence: number;
  histories: Pick<HistoryStore, 'append'>;
  statuses: Pick<StatusTable, 'words'>;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
  log: Log;
  /** Aborted when the lease is gone: the next owner tells what became of the session. */
  gone: AbortSignal;
}

/** Entries of one write. */
const MOST_AT_ONCE = 20;

/**
 * Writes down in order how the session stands during one term, for the events that are made of it. Nothing waits for it: what
 * could not be written is tried again, for as long as the term lasts.
 */
export class SessionChronicle {
  readonly #account: string;
  readonly #options: ChronicleOptions;
  #last: SessionEvent | undefined;
  #count = 0;
  #unwritten: NewEntry<SessionEvent>[] = [];
  #writing: Promise<void> | undefined;
  #isFirst = true;

  constructor(account: string, options: ChronicleOptions) {
    this.#account = account;
    this.#options = options;
  }

  saw(status: LinkStatus): void {
    const { statuses, fence, wallClock } = this.#options;
    const change = sessionChange(this.#last, status, (commandStatus) => statuses.words(commandStatus));
    if (change === undefined) return;
    this.#last = change;
    this.#count += 1;
    this.#unwritten.push({ ...change, at: wallClock(), mark: `${fence}.${this.#count}` });
    this.#go();
  }

  /** Looks what an earlier owner has left, and writes what there is. */
  start(): void {
    this.#go();
  }

  #go(): void {
    if (this.#hasWork) this.#writing ??= this.#write();
  }

  get #hasWork(): boolean {
    return this.#isFirst || this.#unwritten.length > 0;
  }

  /** Resolves when everything is written, or nothing may be any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#hasWork) {
        const some = this.#unwritten.slice(0, MOST_AT_ONCE);
        await untilStored(async () => await this.#append(some), this.#options);
        this.#unwritten = this.#unwritten.slice(some.length);
      }
    } catch (error) {
      if (!(error instanceof LeaseGoneError))
        this.#options.log.error('how the session stands was not written', { error });
      this.#unwritten = [];
    } finally {
      // In the same breath as the last look at what is unwritten: what is seen a moment later begins anew.
      this.#writing = undefined;
    }
  }

  async #append(some: readonly NewEntry<SessionEvent>[]): Promise<void> {
    const { fence, histories, wallClock, gone } = this.#options;
    await histories.append<SessionEvent>(
      { account: this.#account, subject: 'session' },
      (stored) => {
        // A write whose answer was lost has been made.
        const marks = new Set(stored?.entries.map(({ mark }) => mark));
        const missing = some.filter(({ mark }) => !marks.has(mark));
        return this.#isFirst ? takenOver(stored, missing, { fence, at: missing[0]?.at ?? wallClock() }) : missing;
      },
      { fence, signal: gone },
    );
    this.#isFirst = false;
  }
}
