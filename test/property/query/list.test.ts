import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ListDependencies, listMessages } from '../../../functions/query/list.ts';
import { type MessageListQuery, messageListQuerySchema } from '../../../shared/contracts/message-list.ts';
import type { ApiKey } from '../../../shared/domain/api-key.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import { MemoryIndexes } from '../../fixtures/memory-indexes.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const ACCOUNTS = ['main', 'second', 'third'];

const stored = fc
  .uniqueArray(
    fc.record({
      at: fc.nat(40),
      random: fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{16}$/),
      account: fc.constantFrom(...ACCOUNTS),
      status: fc.constantFrom('queued', 'sent', 'delivered'),
      lane: fc.constantFrom('otp', 'bulk'),
      to: fc.constantFrom('+639171234567', '+639181234567'),
      clientRef: fc.option(fc.constantFrom('one', 'two'), { nil: undefined }),
    }),
    { maxLength: 60, selector: ({ at, random }) => `${at} ${random}` },
  )
  .map((rows) =>
    rows.map(({ at, random, clientRef, ...different }) =>
      queuedMessage({
        ...(different as Partial<Message>),
        ...(clientRef === undefined ? {} : { clientRef }),
        messageId: firstIdAt(CREATED_AT + at).slice(0, -16) + random,
        createdAt: CREATED_AT + at,
      }),
    ),
  );

const time = (offset: number) => new Date(CREATED_AT + offset).toISOString();
const filters = fc.record(
  {
    status: fc.constantFrom('queued', 'sent', 'failed'),
    lane: fc.constantFrom('otp', 'bulk'),
    to: fc.constantFrom('0917 123 4567', '+639181234567'),
    client_ref: fc.constantFrom('one', 'two', 'three'),
    account: fc.constantFrom(...ACCOUNTS, 'elsewhere'),
    created_after: fc.nat(45).map(time),
    created_before: fc.nat(45).map(time),
  },
  { requiredKeys: [] },
);
const limit = fc.integer({ min: 1, max: 12 });
const caller = fc.constantFrom(undefined, ...ACCOUNTS).map(keyOf);

function keyOf(account: string | undefined): ApiKey {
  const key: ApiKey = { keyId: 'k', name: 'k', secretHash: '', scopes: ['messages:read'], test: false, createdAt: 0 };
  return account === undefined ? key : { ...key, account };
}

/** Pages through a list to its end, with whatever limit each page asks for. */
async function pages(
  query: Omit<MessageListQuery, 'limit'> & object,
  { caller, limits, dependencies }: { caller: ApiKey; limits: number[]; dependencies: ListDependencies },
): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | undefined;
  do {
    const limit = limits[found.length % limits.length] ?? 1;
    const page = await listMessages({ ...query, limit, cursor }, caller, dependencies);
    expect(page.data.length).toBeLessThanOrEqual(limit);
    expect(page.has_more).toBe(page.next_cursor !== null);
    found.push(page.data.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

test('page by page every message that matches comes once, newest first, whatever the filters and the limits', async () => {
  await fc.assert(
    fc.asyncProperty(
      stored,
      filters,
      fc.array(limit, { minLength: 1, maxLength: 4 }),
      caller,
      async (all, written, limits, caller) => {
        const { limit: _limit, ...query } = messageListQuerySchema.parse(written);
        const dependencies = {
          indexes: new MemoryIndexes(all),
          cursorKey: async () => await Promise.resolve('key'),
          accounts: ACCOUNTS.map((name) => ({ name })),
        };
        const listed = (await pages(query, { caller, limits, dependencies })).flat();
        const expected = all.filter(
          (message) =>
            (caller.account ?? message.account) === message.account &&
            (written.account ?? message.account) === message.account &&
            (written.status ?? message.status) === message.status &&
            (written.lane ?? message.lane) === message.lane &&
            (written.to === undefined || message.to.endsWith(written.to.replaceAll(' ', '').slice(-10))) &&
            (written.client_ref === undefined || message.clientRef === written.client_ref) &&
            (query.created_after ?? 0) <= message.createdAt &&
            message.createdAt < (query.created_before ?? Infinity),
        );
        expect(listed).toEqual(
          expected
            .map(({ messageId }) => messageId)
            .toSorted()
            .toReversed(),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('messages that arrive between two pages neither push one into the next page nor out of it', async () => {
  await fc.assert(
    fc.asyncProperty(stored, limit, async (all, limit) => {
      const dependencies = (messages: Message[]) => ({
        indexes: new MemoryIndexes(messages),
        cursorKey: async () => await Promise.resolve('key'),
        accounts: ACCOUNTS.map((name) => ({ name })),
      });
      const first = await listMessages({ limit }, keyOf(undefined), dependencies(all));
      fc.pre(first.next_cursor !== null);
      const arrived = queuedMessage({ messageId: firstIdAt(CREATED_AT + 100), account: 'second' });
      const query = { limit, cursor: first.next_cursor ?? undefined };
      const second = await listMessages(query, keyOf(undefined), dependencies([arrived, ...all]));
      const ids = all
        .map(({ messageId }) => messageId)
        .toSorted()
        .toReversed();
      expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids.slice(0, 2 * limit));
    }),
  );
});

test('a filter that nothing matches costs a bounded number of reads a page, and pages go on to the end', async () => {
  const all = Array.from({ length: 2_500 }, (_, index) => queuedMessage({ messageId: firstIdAt(CREATED_AT + index) }));
  const indexes = new MemoryIndexes(all);
  const dependencies = { indexes, cursorKey: async () => await Promise.resolve('key'), accounts: [{ name: 'main' }] };
  const found = await pages({ status: 'failed' }, { caller: keyOf('main'), limits: [50], dependencies });
  expect(found).toEqual([[], [], []]);
  expect(indexes.read).toBeLessThan(2_500 + 3 * 200);
});

test('a page of long texts ends before the answer grows beyond what a function may give, and nothing is lost', async () => {
  const text = '₱'.repeat(17_000);
  const all = Array.from({ length: 150 }, (_, index) =>
    queuedMessage({ messageId: firstIdAt(CREATED_AT + index), text }),
  );
  const dependencies = {
    indexes: new MemoryIndexes(all),
    cursorKey: async () => await Promise.resolve('key'),
    accounts: [{ name: 'main' }],
  };
  const caller = { ...keyOf('main'), scopes: ['messages:read', 'messages:read_body'] satisfies ApiKey['scopes'] };
  const first = await listMessages({ limit: 200 }, caller, dependencies);
  expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(6_000_000);
  const found = await pages({}, { caller, limits: [200], dependencies });
  expect(found.length).toBeGreaterThan(2);
  expect(found.flat()).toEqual(all.map(({ messageId }) => messageId).toReversed());
});
