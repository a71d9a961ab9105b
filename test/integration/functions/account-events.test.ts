import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PublishedEvent } from '../../../functions/middleware/event-bus.ts';
import { LoadWatch } from '../../../functions/middleware/load-watch.ts';
import { publishChanges } from '../../../functions/publish-events/publish.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { QuotaWatch } from '../../../functions/send/quota-watch.ts';
import { watchLanes } from '../../../functions/sweep/lane-congestion.ts';
import type { Lane } from '../../../shared/config/account.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import { DETAIL_SCHEMAS } from '../../../shared/contracts/event-catalog.ts';
import type { SessionEvent } from '../../../shared/domain/account-event.ts';
import type { EventType } from '../../../shared/domain/event-type.ts';
import type { OptOutScope } from '../../../shared/domain/opt-out.ts';
import { HistoryStore } from '../../../shared/store/control-histories.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { ReportStore } from '../../../shared/store/control-reports.ts';
import { accountReport } from '../../fixtures/account-load.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import { ACCOUNT, call, httpParts, storedKey } from './api.ts';
import { DEFAULTS, items } from './batch-world.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { streamRecord } from './stream-event.ts';

type Item = Record<string, unknown>;

let database: TestDatabase;
let key: string;
let accounts = 0;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'sender', scopes: ['messages:send', 'admin'] });
});

/** What the stream of the Control table would tell of an account's histories and opt-outs between two looks. */
class Watched {
  readonly account: string;
  readonly published: PublishedEvent[] = [];
  #seen = new Map<string, Item>();
  #sequence = 0;
  #records: DynamoDBRecord[] = [];

  constructor() {
    accounts += 1;
    this.account = `account-${accounts}`;
  }

  /** What was written before there was a stream. */
  missed(item: Item): void {
    this.#seen.set(`${String(item['pk'])} ${String(item['sk'])}`, item);
  }

  /** Publishes what was written since; each record twice, as a trigger does whose answer is lost. */
  async publish(): Promise<void> {
    const own = new Set([`event#${this.account}`, `optout#${this.account}`]);
    const items = (await database.items('Control')).filter(({ pk }) => own.has(String(pk)));
    const now = new Map(items.map((item) => [`${String(item['pk'])} ${String(item['sk'])}`, item]));
    for (const place of new Set([...now.keys(), ...this.#seen.keys()])) {
      const [before, after] = [this.#seen.get(place), now.get(place)];
      if (JSON.stringify(before) === JSON.stringify(after)) continue;
      this.#sequence += 1;
      const record = streamRecord(String(this.#sequence), after, before);
      Object.assign(record.dynamodb ?? {}, { ApproximateCreationDateTime: CREATED_AT / 1_000 + 5 });
      this.#records.push(record);
    }
    this.#seen = now;
    const records = this.#records.splice(0);
    for (let time = 0; time < 2; time += 1) await this.#put(records);
  }

  async #put(records: DynamoDBRecord[]): Promise<void> {
    const nothing = async (): Promise<never> => await Promise.reject(new Error('not here'));
    const result = await publishChanges(records, {
      bus: { put: async (events) => (this.published.push(...events), await Promise.resolve([])) },
      webhooks: { send: async () => await Promise.resolve([]) },
      endpoints: async () => await Promise.resolve([]),
      messages: { get: nothing, markReturned: nothing },
      outcomes: { add: nothing },
      usage: { giveBack: nothing, forgetReturn: nothing },
      stage: 'test',
      isTest: (account) => account === 'test',
      parked: new ParkedList(),
      log: quietLog(),
      now: () => CREATED_AT,
      sleep: async () => await Promise.resolve(),
    });
    expect(result).toEqual({ batchItemFailures: [] });
  }

  /** Each once, by its id, as `type sequence`; each as its contract says. */
  get told(): string[] {
    const byId = new Map(this.published.map((event) => [event.detail.metadata.event_id, event]));
    expect(this.published).toHaveLength(2 * byId.size);
    for (const { type, detail } of byId.values()) DETAIL_SCHEMAS.get(type as EventType)?.parse(detail);
    return [...byId.values()].map(({ type, detail }) => `${type} ${detail.metadata.sequence}`);
  }
}

describe('opt-outs', () => {
  test('are told of when they begin, become wider and end, and not when they are asked for again', async () => {
    const watched = new Watched();
    const store = new OptOutStore(database.document, 'Control');
    const wish = { account: watched.account, number: '+639171234567', source: 'api' as const };
    await store.add({ ...wish, scope: 'promotional' }, CREATED_AT);
    await watched.publish();
    await store.add({ ...wish, scope: 'promotional' }, CREATED_AT + 1);
    await watched.publish();
    await store.add({ ...wish, scope: 'all' }, CREATED_AT + 2);
    await watched.publish();
    await store.remove(watched.account, wish.number);
    await watched.publish();
    await store.add({ ...wish, scope: 'all' }, CREATED_AT + 9_000);
    await watched.publish();
    await store.remove(watched.account, wish.number);
    await watched.publish();
    expect(watched.told).toEqual([
      'optout.added 1',
      'optout.added 2',
      'optout.removed 3',
      'optout.added 1',
      'optout.removed 2',
    ]);
    const [first, , ended, again] = [
      ...new Map(watched.published.map((each) => [each.detail.metadata.event_id, each])).values(),
    ];
    expect(first?.detail).toMatchObject({
      metadata: { account: watched.account, test: false, schema: 'bindery.optout' },
      data: { number: '+639171234567', scope: 'promotional', source: 'api' },
    });
    expect(ended?.detail.metadata.occurred_at).toBe(new Date(CREATED_AT + 5_000).toISOString());
    // Ids sort as the opt-outs began.
    expect(JSON.stringify(first?.detail.data) < JSON.stringify(again?.detail.data)).toBe(true);
  });
});

describe('opt-outs that are older than events are', () => {
  const number = '+639171234568';
  async function old(scope: OptOutScope) {
    const watched = new Watched();
    const { account } = watched;
    const times = { createdAt: CREATED_AT, updatedAt: CREATED_AT };
    const Item = { pk: `optout#${account}`, sk: number, account, number, scope, source: 'api', ...times };
    await database.document.send(new PutCommand({ TableName: 'Control', Item }));
    watched.missed(Item);
    return { watched, account, store: new OptOutStore(database.document, 'Control') };
  }

  test('are told of when they end', async () => {
    const { watched, account, store } = await old('all');
    await store.remove(account, number);
    await watched.publish();
    expect(watched.told).toEqual(['optout.removed 1']);
    expect(watched.published[0]?.detail.data).toMatchObject({
      opt_out_id: expect.stringMatching(/^oo_[0-9A-HJKMNP-TV-Z]{26}$/) as string,
      number,
      scope: 'all',
    });
  });

  test.each([
    ['all', 'promotional'],
    ['promotional', 'all'],
    ['promotional', 'promotional'],
  ] as const)('in the scope %s begin once more when they are asked for again, for %s', async (scope, again) => {
    const { watched, account, store } = await old(scope);
    await store.add({ account, number, scope: again, source: 'api' }, CREATED_AT + 1);
    await watched.publish();
    await store.remove(account, number);
    await watched.publish();
    expect(watched.told).toEqual(['optout.added 1', 'optout.removed 2']);
  });
});

describe('histories', () => {
  test('a write with several entries gives an event for each, numbered without gaps, whoever writes at once', async () => {
    const watched = new Watched();
    const store = new HistoryStore(database.document, 'Control');
    const place = { account: watched.account, subject: 'session' };
    const bound = { type: 'session.bound', at: CREATED_AT } as const;
    const lost = { type: 'session.lost', at: CREATED_AT, reason: 'connection_lost' } as const;
    await store.append<SessionEvent>(place, () => [bound, lost], { fence: 1 });
    await watched.publish();
    await Promise.all(
      [1, 2, 3, 4].map(async () => await store.append<SessionEvent>(place, () => [bound], { fence: 1 })),
    );
    await watched.publish();
    expect(watched.told).toEqual([1, 2, 3, 4, 5, 6].map((each) => `session.${each === 2 ? 'lost' : 'bound'} ${each}`));
    // An owner whose time is over changes nothing.
    await store.append<SessionEvent>(place, () => [lost], { fence: 2 });
    expect(await store.append<SessionEvent>(place, () => [bound], { fence: 1 })).toBe(false);
  });

  test('an item that is no history is parked, and holds up no other', async () => {
    const poison = streamRecord('1', { pk: 'event#a', sk: 'session', account: 'a' });
    const lease = streamRecord('2', { pk: 'lease#a', sk: 'lease' });
    const parked = new ParkedList();
    const dependencies = { log: quietLog(), parked, now: () => CREATED_AT } as never;
    expect(await publishChanges([poison, lease], dependencies)).toEqual({ batchItemFailures: [] });
    expect(parked.letters).toEqual([
      ['1', 'unreadable', 'an item of the Control table is no history'],
      ['2', 'unreadable', 'an item of the Control table of which nothing is published'],
    ]);
  });
});

describe('quotas', () => {
  function sender(limits: Partial<ApiAccount>) {
    const watched = new Watched();
    const parts = httpParts(database);
    const account: ApiAccount = { ...ACCOUNT, name: watched.account, ...limits };
    const process = (quotas = parts.quotas) => {
      const handler = sendHandler({
        ...parts,
        quotas,
        lanes: { send: async () => await Promise.resolve() },
        newMessageId: () => `msg_${String((sender.count += 1)).padStart(26, '0')}`,
        accounts: [account],
      });
      const body = { ...DEFAULTS, to: '09171234567' };
      return async (batch?: number, text = 'Hello') => {
        const [route, sent] =
          batch === undefined
            ? (['POST /v1/messages', body] as const)
            : (['POST /v1/batches', { defaults: { ...DEFAULTS, text }, items: items(batch) }] as const);
        return (await call(handler, route, { key, body: sent, remainingMs: 60_000 })).status;
      };
    };
    return { watched, process, log: parts.log };
  }
  sender.count = 0;

  test('a warning at four fifths, the end at the end, each once in its window, whichever process counts', async () => {
    const { watched, process } = sender({ segmentsPerDay: 5, segmentsPerMonth: 100 });
    const send = process();
    for (let count = 0; count < 3; count += 1) await send();
    await watched.publish();
    expect(watched.told).toEqual([]);
    await send();
    await watched.publish();
    expect(watched.told).toEqual(['quota.warning 1']);
    expect(watched.published[0]?.detail.data).toMatchObject({
      level: 'warning',
      key_id: null,
      window: 'day',
      limit: 5,
      used: 4,
    });
    const other = process(new QuotaWatch(new HistoryStore(database.document, 'Control'), quietLog()));
    expect(await other()).toBe(202);
    expect(await other()).toBe(429);
    expect(await send()).toBe(429);
    await watched.publish();
    expect(watched.told).toEqual(['quota.warning 1', 'quota.exhausted 2']);
  });

  test('a batch of which only a part fits tells of the limit as the part leaves it', async () => {
    const { watched, process } = sender({ segmentsPerDay: 10 });
    const send = process();
    await send();
    expect(await send(12)).toBe(202);
    await watched.publish();
    expect(watched.told).toEqual(['quota.warning 1', 'quota.exhausted 2']);
    expect(watched.published.map(({ detail }) => detail.data)).toMatchObject(
      Array.from({ length: 4 }, () => ({ limit: 10, used: 10 })),
    );
  });

  test('a batch of which nothing fits tells that the limit refuses', async () => {
    const { watched, process } = sender({ segmentsPerDay: 1 });
    expect(await process()(3, 'x'.repeat(200))).toBe(202);
    await watched.publish();
    expect(watched.told).toEqual(['quota.exhausted 1']);
    expect(watched.published[0]?.detail.data).toMatchObject({ limit: 1, used: 0 });
  });

  test('the share is the account’s, and what could not be written the next message writes', async () => {
    const { watched, process, log } = sender({ segmentsPerDay: 10, quotaWarningPercent: 20 });
    const store = new HistoryStore(database.document, 'Control');
    let fails = true;
    const append: HistoryStore['append'] = async (...of) => {
      if (fails) throw new Error('the table does not answer');
      return await store.append(...of);
    };
    const send = process(new QuotaWatch({ append }, log));
    expect([await send(), await send(), await send()]).toEqual([202, 202, 202]);
    await watched.publish();
    expect(watched.told).toEqual([]);
    fails = false;
    await send();
    await watched.publish();
    expect(watched.told).toEqual(['quota.warning 1']);
  });
});

describe('lanes', () => {
  test('one that is congested and cleared is told of, by what binders report and queues hold, once each', async () => {
    const watched = new Watched();
    const { document } = database;
    const waiting = { otp: 0, transactional: 0, bulk: 0 };
    const log = quietLog();
    const sweep = async (now: number) => {
      const report = accountReport({ at: now, lastReadyAt: now });
      const reports = new ReportStore(document, 'Control');
      await reports.write(watched.account, report, { fence: 1, signal: new AbortController().signal });
      const backlog = { messages: async (_: string, lane: Lane) => await Promise.resolve(waiting[lane]) };
      const loads = new LoadWatch({ reports, backlog, log, now: () => now });
      const histories = new HistoryStore(document, 'Control');
      const account = { ...ACCOUNT, name: watched.account };
      // Two runs at a time, as when one takes long.
      await Promise.all([1, 2].map(async () => await watchLanes(account, { loads, histories, now: () => now })));
      await watched.publish();
    };
    await sweep(CREATED_AT);
    expect(watched.told).toEqual([]);
    waiting.otp = 151;
    for (const minute of [1, 2]) await sweep(CREATED_AT + minute * 60_000);
    expect(watched.told).toEqual(['lane.congested 1']);
    expect(watched.published[0]?.detail.data).toEqual({
      lane: 'otp',
      state: 'congested',
      estimated_wait_seconds: 15,
      threshold_seconds: 15,
      waiting_messages: 151,
    });
    waiting.otp = 0;
    for (const minute of [3, 4]) await sweep(CREATED_AT + minute * 60_000);
    expect(watched.told).toEqual(['lane.congested 1', 'lane.cleared 2']);
  });
});
