import type { Bindery, Message } from '../../docs/client/bindery.ts';

/** How far back the first look goes. */
const LOOK_BACK_MS = 15 * 60_000;
/** What is not over after this long is not followed any more. */
const LONGEST_MS = 24 * 60 * 60_000;
/** Lists trail what is written by moments. */
const LATE_MS = 10_000;
/** By which this machine's clock and that of the stack may differ. */
const SKEW_MS = 1_000;
const PAGE = 200;
/** Pages of one look. */
const MOST_PAGES = 50;

export interface Change {
  message: Message;
  /** The status that was seen before; undefined for a message that is new here. */
  before: Message['status'] | undefined;
}

type Seen = Pick<Message, 'status' | 'status_at'>;

/** What changes among the messages that are not over. */
export class Changes {
  readonly #api: Pick<Bindery, 'listMessages'>;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** Each message as it was seen last. */
  #seen = new Map<string, Seen>();
  /** Epoch milliseconds: every message that was accepted before is over, or too old. */
  #from: number;

  /** @param now epoch milliseconds */
  constructor(api: Pick<Bindery, 'listMessages'>, now: () => number) {
    this.#api = api;
    this.#now = now;
    this.#startedAt = now();
    this.#from = this.#startedAt - LOOK_BACK_MS;
  }

  /** One look at everything, page by page, the newest first: changes since the last look, or since the start. */
  async *look(signal: AbortSignal): AsyncGenerator<Change> {
    const begunAt = this.#now();
    const present = new Map<string, Seen>();
    let oldestOpen = begunAt - LATE_MS;
    let isWhole = false;
    for await (const { data, next_cursor } of this.#pages(signal)) {
      for (const message of data.toReversed()) {
        const { id, status, status_at } = message;
        const seen = this.#seen.get(id);
        // A list may show a message as it was before what was shown already: no state goes backwards.
        const isStale = seen !== undefined && status_at < seen.status_at;
        present.set(id, isStale ? seen : { status, status_at });
        if (!message.is_final) oldestOpen = Math.min(oldestOpen, Date.parse(message.created_at));
        const before = seen?.status;
        if (!isStale && before !== status && this.#isNews(message, before)) yield { message, before };
      }
      isWhole = next_cursor === null;
    }
    this.#seen = present;
    if (isWhole) this.#from = Math.max(this.#from, oldestOpen, begunAt - LONGEST_MS);
  }

  /** What is seen for the first time may have stood there long. */
  #isNews({ status_at }: Message, before: Message['status'] | undefined): boolean {
    return before !== undefined || Date.parse(status_at) >= this.#startedAt - SKEW_MS;
  }

  async *#pages(signal: AbortSignal) {
    const created_after = new Date(this.#from).toISOString();
    let cursor: string | undefined;
    for (let count = 0; count < MOST_PAGES; count += 1) {
      const page = await this.#api.listMessages({ limit: PAGE, cursor, created_after }, { signal });
      yield page;
      if (page.next_cursor === null) return;
      cursor = page.next_cursor;
    }
  }
}
