import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Counted, type PerMessage, readCounted } from '../../.ci/cost/counted.ts';
import type { CountReport } from './counting-process.ts';
import { RunningStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { isOfMessages, isTask, itemOctets, type TableCost } from './table-costs.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

const MESSAGES = 5;
/** So that a message is claimed and published by itself. */
const APART_MS = 350;
/** The last event of a message comes a little after its last state. */
const AFTERWARDS_MS = 1_500;
/** Streams deliver now one record and now two at a time. */
const TOLERANCE = 0.15;
/** A busy machine is late with the next poll of a queue that waits for a second. */
const POLLS_TOLERANCE = 0.4;
const SMALL = 0.6;

/** All that programs of the stack have called so far. */
interface Use {
  tables: readonly TableCost[];
  /** Calls of other services by `program service action`. */
  calls: ReadonlyMap<string, number>;
  logOctets: number;
}

class CountingStack extends RunningStack {
  constructor() {
    super(join(import.meta.dirname, 'counting-process.ts'));
  }

  async used(): Promise<Use> {
    const { tables, calls } = await this.ask<CountReport>({ kind: 'report_counted' }, 'counted');
    return { tables, calls: new Map(calls), logOctets: this.#logOctets() };
  }

  /** A message as its table holds it. */
  async itemOctets(messageId: string): Promise<number> {
    const Key = { messageId: { S: messageId } };
    const { Item = {} } = await new DynamoDBClient(this.aws).send(
      new GetItemCommand({ TableName: this.variable('MESSAGES_TABLE'), Key }),
    );
    return itemOctets(Item);
  }

  #logOctets(): number {
    return readdirSync(this.logFolder).reduce((sum, name) => sum + statSync(join(this.logFolder, name)).size, 0);
  }
}

/** What came since an earlier look, each divided by `parts`. */
class Spent {
  readonly #tables: readonly TableCost[];
  readonly #calls: ReadonlyMap<string, number>;
  readonly #parts: number;

  constructor(before: Use, after: Use, parts: number) {
    this.#tables = after.tables.slice(before.tables.length);
    this.#calls = new Map([...after.calls].map(([key, n]) => [key, n - (before.calls.get(key) ?? 0)]));
    this.#parts = parts;
  }

  onTables(amount: (cost: TableCost) => number): number {
    return this.#tables.reduce((sum, cost) => sum + amount(cost), 0) / this.#parts;
  }

  calls(pattern: RegExp): number {
    return [...this.#calls].reduce((sum, [key, n]) => sum + (pattern.test(key) ? n : 0), 0) / this.#parts;
  }
}

describe('what a message costs', () => {
  const counted = readCounted();
  let stack: CountingStack;

  beforeAll(async () => {
    stack = new CountingStack();
    whenOver(() => stack.close());
    await stack.start({ stateDirectory: freshStateDirectory() });
  }, 90_000);
  afterAll(tearDown);

  /** Sends messages one by one and waits until all is told of them. Gives the octets of one of them. */
  async function deliver(segments: number, count: number): Promise<number> {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const text = 'Hello '.repeat(segments === 1 ? 10 : 60);
      const answer = await stack.client.send({ to: '+639171234567', from: 'BINDERY', text, lane: 'transactional' });
      if (answer.kind === 'accepted') ids.push(answer.message.id);
      await delay(APART_MS);
    }
    expect(ids).toHaveLength(count);
    await until('all to be delivered', 30_000, () =>
      ids.every((id) => stack.bus.of(id).some(({ type }) => type === 'message.delivered')),
    );
    await delay(AFTERWARDS_MS);
    return await stack.itemOctets(ids[0] ?? '');
  }

  async function measured(segments: number): Promise<PerMessage> {
    const before = await stack.used();
    const messageOctets = await deliver(segments, MESSAGES);
    const after = await stack.used();
    const spent = new Spent(before, after, MESSAGES);
    const own = isOfMessages(stack);
    return {
      writeUnits: spent.onTables((cost) => (own(cost) ? cost.writes : 0)),
      readUnits: spent.onTables((cost) => (own(cost) ? cost.reads : 0)),
      changes: spent.onTables(({ table, writes }) =>
        table === stack.variable('MESSAGES_TABLE') && writes > 0 ? 1 : 0,
      ),
      queueRequests: spent.calls(/^(Binder|Functions(?!sweep)).* sqs (?!ReceiveNothing)/),
      events: spent.calls(/ events PutEvents$/),
      messageOctets,
      logOctets: (after.logOctets - before.logOctets) / MESSAGES,
    };
  }

  function expectAbout(found: object, recorded: object, tolerance = TOLERANCE): void {
    console.log(JSON.stringify(found));
    const before = new Map(Object.entries(recorded));
    const off = Object.entries(found as Record<string, number>).filter(([name, value]) => {
      const was = before.get(name) ?? 0;
      return Math.abs(value - was) > Math.max(SMALL, was * tolerance);
    });
    expect(off, 'differs from .ci/cost/counted.json: correct it, and `npm run generate`').toEqual([]);
  }

  test('while nothing is sent is as counted', async () => {
    // Leases and heartbeats are written every 2.5 s; reports of accounts, which come every 30 s at rest, are not counted.
    const SECONDS = 7.5;
    const before = await stack.used();
    await delay(SECONDS * 1_000);
    const spent = new Spent(before, await stack.used(), SECONDS);
    const isLease = ({ program, pk = '' }: TableCost): boolean => isTask(program) && !pk.startsWith('report#');
    const idle: Counted['idleSecond'] = {
      writeUnits: spent.onTables((cost) => (isLease(cost) ? cost.writes : 0)),
      readUnits: spent.onTables((cost) => (isLease(cost) ? cost.reads : 0)),
      queueRequests: spent.calls(/^Binder.* sqs /),
    };
    expectAbout(idle, counted.idleSecond, POLLS_TOLERANCE);
  });

  test('once how the ids of receipts are to be read is learnt from the first ones', async () => {
    await deliver(3, 2);
  });

  test.each(['1', '3'] as const)('of %s segment(s) is as counted', async (segments) => {
    expectAbout(await measured(Number(segments)), counted.messages[segments]);
  });
});
