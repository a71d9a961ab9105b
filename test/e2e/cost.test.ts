import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Counted, type PerMessage, readCounted } from '../../.ci/cost/counted.ts';
import type { CallsReport } from './counting-process.ts';
import { RunningStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

const MESSAGES = 5;
/** So that a message is claimed and published by itself. */
const APART_MS = 350;
/** The last event of a message comes a little after its last state. */
const AFTERWARDS_MS = 1_500;
/** Streams deliver now one record and now two at a time. */
const TOLERANCE = 0.2;
const SMALL = 0.6;

type Calls = ReadonlyMap<string, number>;

class CountingStack extends RunningStack {
  constructor() {
    super(join(import.meta.dirname, 'counting-process.ts'));
  }

  /** Calls so far, by `program service action table`. */
  async calls(): Promise<Calls> {
    return new Map((await this.ask<CallsReport>({ kind: 'report_calls' }, 'calls')).calls);
  }

  logOctets(): number {
    return readdirSync(this.logFolder).reduce((sum, name) => sum + statSync(join(this.logFolder, name)).size, 0);
  }
}

/** Calls of the kinds that match, made since `before`. */
function sum(before: Calls, after: Calls, pattern: RegExp): number {
  return [...after].reduce((total, [key, n]) => total + (pattern.test(key) ? n - (before.get(key) ?? 0) : 0), 0);
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
    return Buffer.byteLength(JSON.stringify(await stack.messages.get(ids[0] ?? '')));
  }

  async function measured(segments: number): Promise<PerMessage> {
    const before = await stack.calls();
    const logBefore = stack.logOctets();
    const messageOctets = await deliver(segments, MESSAGES);
    const after = await stack.calls();
    const per = (pattern: RegExp): number => sum(before, after, pattern) / MESSAGES;
    return {
      messageWrites: per(/^(Binder|Functions).* dynamodb (Put|Update)Item \S*Messages/),
      receiptWrites: per(/^(Binder|Functions).* dynamodb (Put|Update)Item \S*Receipts/),
      // The binder writes there by the second, and not by the message.
      controlWrites: per(/^Functions(?!sweep).* dynamodb (Put|Update)Item \S*Control/),
      consistentReads: per(
        /^(Binder.* dynamodb \w+Consistent \S*Messages|Functions(?!sweep).* dynamodb \w+Consistent )/,
      ),
      eventualReads: per(/^Functions(?!sweep).* dynamodb (GetItem|BatchGetItem|Query) /),
      queueRequests: per(/^(Binder|Functions(?!sweep)).* sqs (?!ReceiveNothing)/),
      events: per(/ events PutEvents /),
      messageOctets,
      logOctets: (stack.logOctets() - logBefore) / MESSAGES,
    };
  }

  function expectAbout(found: object, recorded: object): void {
    console.log(JSON.stringify(found));
    const before = new Map(Object.entries(recorded));
    const off = Object.entries(found as Record<string, number>).filter(([name, value]) => {
      const was = before.get(name) ?? 0;
      return Math.abs(value - was) > Math.max(SMALL, was * TOLERANCE);
    });
    expect(off, 'differs from .ci/cost/counted.json: correct it, and `npm run generate`').toEqual([]);
  }

  test('while nothing is sent is as counted', async () => {
    // Leases and heartbeats are written every 2.5 s; reports of accounts, which come every 30 s at rest, are not counted.
    const SECONDS = 7.5;
    const before = await stack.calls();
    await delay(SECONDS * 1_000);
    const after = await stack.calls();
    const per = (pattern: RegExp): number => sum(before, after, pattern) / SECONDS;
    const idle: Counted['idleSecond'] = {
      controlWrites: per(/^Binder.* dynamodb (Put|Update)Item \S*Control/),
      controlReads: per(/^Binder.* dynamodb (Get|Query)\w* \S*Control/),
      queueRequests: per(/^Binder.* sqs /),
    };
    expectAbout(idle, counted.idleSecond);
  });

  test('once how the ids of receipts are to be read is learnt from the first ones', async () => {
    await deliver(3, 2);
  });

  test.each(['1', '3'] as const)('of %s segment(s) is as counted', async (segments) => {
    expectAbout(await measured(Number(segments)), counted.messages[segments]);
  });
});
