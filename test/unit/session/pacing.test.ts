import { describe, expect, test } from 'vitest';
import { SubmitGate } from '../../../binder/session/pacing.ts';
import { StatusTable } from '../../../binder/session/status-table.ts';

/** Sends `count` submits, each as soon as the gate allows, and returns their times. */
function sendAll(gate: SubmitGate, count: number, fromMs: number): number[] {
  let nowMs = fromMs;
  return Array.from({ length: count }, () => {
    nowMs = gate.nextAt(nowMs);
    gate.record(nowMs);
    return nowMs;
  });
}

const idle = Number.NEGATIVE_INFINITY;

describe('the gate at ten a second', () => {
  test('lets the eleventh go 1000 ms and the guard after the first, not before', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3, previousSubmitAtMs: idle });
    // Sent as late as the grid forgives and then as early as it allows: the grid alone would let the eleventh go at 979.
    gate.record(0);
    gate.record(125);
    for (let n = 2; n < 10; n += 1) gate.record(n * 100.4);
    expect(gate.nextAt(1_000)).toBeGreaterThanOrEqual(1_003);
    gate.record(1_004);
    expect(gate.nextAt(1_100)).toBeCloseTo(1_128, 6);
  });

  test('spaces evenly, and so from the first on: no burst at the start', () => {
    const times = sendAll(new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle }), 25, 5_000);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    for (const gap of gaps) expect(gap).toBeCloseTo(100.4, 6);
  });

  test('takes lateness within a quarter of the spacing back, and no more than that', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle });
    gate.record(0);
    gate.record(120);
    expect(gate.nextAt(120)).toBeCloseTo(200.8, 6);
    gate.record(300);
    expect(gate.nextAt(300)).toBeCloseTo(400.4, 6);
  });

  test('counts from when submits left the process, where that is later than they were written', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 2, guardMs: 3, previousSubmitAtMs: idle });
    gate.record(0);
    gate.record(502);
    gate.left(2, 600);
    expect(gate.nextAt(600)).toBe(1_603);
    expect(gate.lastSubmitAtMs).toBe(600);
  });

  test('after a rest sends as evenly as ever', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle });
    sendAll(gate, 10, 0);
    const times = sendAll(gate, 3, 60_000);
    expect(times[0]).toBe(60_000);
    expect(times[1]).toBeCloseTo(60_100.4, 6);
  });
});

describe('a second of silence', () => {
  test('follows the bind of a process that does not know who submitted before', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3 });
    gate.holdAfterBind(500);
    expect(gate.nextAt(600)).toBe(1_503);
  });

  test('counts from the last submit where that is known: by a previous owner', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3, previousSubmitAtMs: -200 });
    gate.holdAfterBind(500);
    expect(gate.nextAt(600)).toBe(803);
  });

  test('counts from our own last submit after a reconnect', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3, previousSubmitAtMs: idle });
    gate.record(10_000);
    gate.holdAfterBind(10_600);
    expect(gate.nextAt(10_600)).toBe(11_003);
    gate.holdAfterBind(50_000);
    expect(gate.nextAt(50_000)).toBe(50_000);
  });

  test('counts from the loss of the link where submits were unanswered: they may have arrived only then', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3, previousSubmitAtMs: idle });
    gate.record(10_000);
    gate.lostUnanswered(40_000);
    gate.holdAfterBind(40_300);
    expect(gate.nextAt(40_300)).toBe(41_003);
  });

  test('a shorter hold never undoes a longer one', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle });
    gate.holdUntil(5_000);
    gate.holdUntil(3_000);
    expect(gate.nextAt(0)).toBe(5_000);
  });
});

describe('a profile', () => {
  test('says which answers pause the link, for how long, and whether they are about the rate', () => {
    const submit = {
      '0x401': { action: 'pause', cause: 'rate', firstMs: 300, maxMs: 500 },
      '0x58': { action: 'retry', tries: 2, firstDelaySeconds: 5 },
    } as const;
    const statuses = new StatusTable({ words: {}, bind: {}, submit });
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3, previousSubmitAtMs: idle, statuses });
    expect(gate.answered({ commandStatus: 0x58, sentAtMs: 0, nowMs: 10 })).toBeUndefined();
    expect(gate.answered({ commandStatus: 0x401, sentAtMs: 0, nowMs: 10 })).toMatchObject({ pauseMs: 300, guardMs: 6 });
    expect(gate.answered({ commandStatus: 0x401, sentAtMs: 400, nowMs: 410 })).toMatchObject({ pauseMs: 500 });
  });
});

describe('throttled', () => {
  const throttled = (gate: SubmitGate, sentAtMs: number, nowMs = sentAtMs + 50) =>
    gate.answered({ commandStatus: 0x58, sentAtMs, nowMs });

  test('the link pauses 1, 2, 4 … 30 s, and a success makes the next pause short again', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle });
    let nowMs = 0;
    const pauses = Array.from({ length: 7 }, () => {
      const sentAtMs = gate.nextAt(nowMs);
      gate.record(sentAtMs);
      const report = throttled(gate, sentAtMs);
      nowMs = sentAtMs + 50;
      expect(gate.nextAt(nowMs)).toBe(nowMs + (report?.pauseMs ?? 0));
      return report?.pauseMs;
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const sentAtMs = gate.nextAt(nowMs);
    gate.answered({ commandStatus: 0, sentAtMs, nowMs: sentAtMs + 50 });
    expect(throttled(gate, sentAtMs + 100)?.pauseMs).toBe(1_000);
  });

  test('a window full of refusals is one pause, and successes from before it do not end it', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle });
    const times = sendAll(gate, 10, 0);
    const nowMs = 1_000;
    const reports = times.map((sentAtMs) => throttled(gate, sentAtMs, nowMs));
    expect(reports.map((report) => report?.pauseMs)).toEqual([1_000, ...Array(9).fill(undefined)]);
    gate.answered({ commandStatus: 0, sentAtMs: 900, nowMs });
    const sentAtMs = gate.nextAt(nowMs);
    expect(sentAtMs).toBe(2_000);
    expect(throttled(gate, sentAtMs)?.pauseMs).toBe(2_000);
  });

  test('widens the guard, for we kept to the rate; far below it that is a quota or a block, and someone should look', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 3, previousSubmitAtMs: idle });
    const times = sendAll(gate, 30, 0);
    expect(throttled(gate, times.at(-1) ?? 0)).toMatchObject({ submitsInSecond: 10, belowRate: false, guardMs: 6 });
    const few = sendAll(gate, 7, 60_000);
    expect(throttled(gate, few.at(-1) ?? 0)).toMatchObject({ submitsInSecond: 7, belowRate: true, guardMs: 12 });
    expect(gate.guardMs).toBe(12);
    gate.record(120_000);
    expect(gate.nextAt(120_000)).toBeCloseTo(120_101.35, 6);
  });

  test('so narrows the guard again: by half after each ten minutes without a refusal for the rate', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, guardMs: 5, previousSubmitAtMs: idle });
    for (const sentAtMs of [0, 2_000, 6_000]) {
      gate.record(sentAtMs);
      throttled(gate, sentAtMs);
    }
    const guardAt = (nowMs: number): number => {
      gate.record(nowMs);
      return gate.guardMs;
    };
    expect([600_000, 606_050, 1_206_000, 1_206_050, 1_806_050, 9_000_000].map(guardAt)).toEqual([40, 20, 20, 10, 5, 5]);
  });

  test('the guard widens no further than 48 ms', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 1, previousSubmitAtMs: idle });
    let nowMs = 0;
    for (let n = 0; n < 10; n += 1) {
      nowMs = gate.nextAt(nowMs);
      gate.record(nowMs);
      throttled(gate, nowMs);
    }
    expect(gate.guardMs).toBe(48);
  });

  test('a full queue pauses longer, and other errors not at all', () => {
    const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: idle });
    expect(gate.answered({ commandStatus: 0x0b, sentAtMs: 0, nowMs: 10 })).toBeUndefined();
    expect(gate.nextAt(10)).toBe(10);
    expect(gate.answered({ commandStatus: 0x14, sentAtMs: 0, nowMs: 10 })).toMatchObject({
      pauseMs: 5_000,
      belowRate: false,
      guardMs: 2.5,
    });
  });
});
