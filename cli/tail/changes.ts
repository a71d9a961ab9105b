import type { Bindery, Message } from '../../docs/client/bindery.ts';

/** Older messages are not looked for: their next change is a late receipt, if any. */
const LOOK_BACK_MS = 15 * 60_000;
const PAGE = 200;
/** So much is read at a time at the most; a stack that accepts more in a second is followed by its events. */
const PAGES = 5;

export interface Change {
  message: Message;
  /** The status that was seen before; undefined for a message that is new here. */
  before: Message['status'] | undefined;
}

/** What has changed among the messages of the last minutes, look by look. */
export class Changes {
  readonly #api: Pick<Bindery, 'listMessages'>;
  /** Status of each message of the last look. */
  #seen = new Map<string, Message['status']>();
  readonly #now: () => number;
  #isFirst = true;

  /** @param now epoch milliseconds */
  constructor(api: Pick<Bindery, 'listMessages'>, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  /** Changes since the last look, the oldest first. The first look tells nothing: what stands there already is no change. */
  async next(signal: AbortSignal): Promise<Change[]> {
    const messages = await this.#read(signal);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const changes: Change[] = [];
    const seen = new Map<string, Message['status']>();
    for (const message of messages) {
      const before = this.#seen.get(message.id);
      seen.set(message.id, message.status);
      if (!isFirst && before !== message.status) changes.push({ message, before });
    }
    this.#seen = seen;
    return changes.sort((one, other) => one.message.status_at.localeCompare(other.message.status_at));
  }

  async #read(signal: AbortSignal): Promise<Message[]> {
    const created_after = new Date(this.#now() - LOOK_BACK_MS).toISOString();
    const messages: Message[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const { data, next_cursor } = await this.#api.listMessages({ limit: PAGE, cursor, created_after }, { signal });
      messages.push(...data);
      if (next_cursor === null) break;
      cursor = next_cursor;
    }
    return messages;
  }
}
