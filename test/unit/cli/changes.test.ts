import { describe, expect, test } from 'vitest';
import { type Change, Changes } from '../../../cli/tail/changes.ts';
import type { ListMessagesQuery, Message, MessagePage } from '../../../docs/client/bindery.ts';

const START = Date.parse('2026-11-23T00:00:00Z');
const iso = (ms: number): string => new Date(START + ms).toISOString();

function message(
  id: string,
  status: Message['status'],
  { created = 0, at }: { created?: number; at?: number } = {},
): Message {
  const is_final = status === 'delivered';
  return { id, status, is_final, created_at: iso(created), status_at: iso(at ?? created) } as Message;
}

/** A stack with these messages, newest first, two a page. */
class Listed {
  messages: Message[] = [];
  now = START;
  readonly queries: ListMessagesQuery[] = [];
  readonly changes = new Changes({ listMessages: async (query = {}) => this.#page(query) }, () => this.now);

  #page(query: ListMessagesQuery): MessagePage {
    this.queries.push(query);
    const start = Number(query.cursor ?? 0);
    const next_cursor = start + 2 < this.messages.length ? String(start + 2) : null;
    return { data: this.messages.slice(start, start + 2), has_more: next_cursor !== null, next_cursor };
  }

  async look(): Promise<string[]> {
    const seen: Change[] = [];
    for await (const change of this.changes.look(new AbortController().signal)) seen.push(change);
    return seen.map(({ message: { id, status }, before }) => `${id} ${before ?? ''}>${status}`);
  }
}

describe('following messages', () => {
  test('tells of each change once, from the start on and not before', async () => {
    const listed = new Listed();
    listed.messages = [
      message('c', 'queued'),
      message('b', 'sent', { created: -9_000 }),
      message('a', 'delivered', { created: -99_000 }),
    ];
    expect(await listed.look()).toEqual(['c >queued']);
    expect(await listed.look()).toEqual([]);
    listed.messages[1] = message('b', 'delivered', { created: -9_000, at: 5 });
    listed.messages.unshift(message('d', 'queued', { created: 10 }));
    expect(await listed.look()).toEqual(['d >queued', 'b sent>delivered']);
  });

  test('tells nothing where a list shows a message as it was before', async () => {
    const listed = new Listed();
    const [sent, delivered] = [message('a', 'sent', { at: 5 }), message('a', 'delivered', { at: 9 })];
    for (const [shown, told] of [
      [sent, ['a >sent']],
      [delivered, ['a sent>delivered']],
      [sent, []],
      [delivered, []],
    ] as const) {
      listed.messages = [shown];
      expect(await listed.look()).toEqual(told);
    }
  });

  test('reads no further back than to the oldest message that may still change', async () => {
    const listed = new Listed();
    listed.messages = [message('b', 'sent', { created: -60_000 }), message('a', 'delivered', { created: -600_000 })];
    await listed.look();
    await listed.look();
    expect(listed.queries.map(({ created_after }) => created_after)).toEqual([iso(-900_000), iso(-60_000)]);
    listed.messages[0] = message('b', 'delivered', { created: -60_000, at: 5 });
    listed.now += 1_000_000;
    expect(await listed.look()).toEqual(['b sent>delivered']);
    await listed.look();
    expect(listed.queries.at(-1)?.created_after).toBe(iso(990_000));
  });
});
