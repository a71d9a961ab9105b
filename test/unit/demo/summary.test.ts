import { describe, expect, test } from 'vitest';
import type { ApiMessage } from '../../../shared/contracts/message.ts';
import { paintFor } from '../../demo/paint.ts';
import { percentile, rateOf, summarize } from '../../demo/summary.ts';
import { table } from '../../demo/table.ts';
import { Ledger } from '../../e2e/ledger.ts';
import { acceptedMessages, refusedMessages } from '../../fixtures/messages.ts';

/** Delivered `seconds` after it was accepted, or in another state. */
function message(id: string, status: ApiMessage['status'], seconds: number): ApiMessage {
  const created = Date.UTC(2025, 0, 1);
  const at = new Date(created + seconds * 1000).toISOString();
  return {
    id,
    status,
    is_final: true,
    segments: { total: 2, sent: 2, delivered: 2, failed: 0 },
    created_at: new Date(created).toISOString(),
    finalized_at: at,
  } as ApiMessage;
}

function ledgerOf(finals: readonly [status: ApiMessage['status'], seconds: number][]): Ledger {
  const ledger = new Ledger();
  const fixture = acceptedMessages.find(({ lane }) => lane === 'otp')!;
  for (const [index, [status, seconds]] of finals.entries()) {
    const final = message(`msg_${index}`, status, seconds);
    ledger.sent.push({ fixture, answer: { kind: 'accepted', message: final } });
    ledger.entries.set(final.id, { fixture, accepted: final, final });
  }
  const problem = { code: 'landline_number' as const } as never;
  ledger.sent.push({ fixture: refusedMessages[0]!, answer: { kind: 'refused', status: 422, problem } });
  return ledger;
}

describe('a percentile', () => {
  test('is a value that was measured', () => {
    const values = [5, 1, 4, 2, 3, 10, 9, 8, 7, 6];
    expect(percentile(values, 0.5)).toBe(5);
    expect(percentile(values, 0.99)).toBe(10);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeUndefined();
  });
});

describe('the summary', () => {
  const summary = summarize(
    ledgerOf([
      ['delivered', 2],
      ['delivered', 4],
      ['expired', 90],
    ]),
    rateOf(
      [0, 100, 200, 1200].map((at) => ({ notBeforeMs: at, notAfterMs: at })),
      50,
    ),
  );

  test('counts messages, segments, states and refusals', () => {
    expect(summary.accepted).toEqual({ otp: 3, transactional: 0, bulk: 0, all: 3 });
    expect(summary.segments.all).toBe(6);
    expect(summary.refusals).toEqual([['landline_number', 1]]);
    expect(Object.fromEntries(summary.states.map(([status, counts]) => [status, counts.all]))).toEqual({
      delivered: 2,
      undelivered: 0,
      expired: 1,
      unknown: 0,
    });
  });

  test('takes the time to delivery from what was delivered only', () => {
    expect(summary.acceptedToDelivered.all).toEqual({ p50: 2000, p99: 4000 });
    expect(summary.acceptedToDelivered.bulk).toBeUndefined();
  });

  test('gives the rate as the operator saw it', () => {
    // While all was not sent yet, a pause says nothing.
    expect(summary.rate).toEqual({ submits: 4, whileWorkWaited: 3, average: 2 / 1.1, worstSecond: 3 });
  });

  test('shows a state besides those of an operator only where it occurs', () => {
    expect(summarize(ledgerOf([['failed', 1]])).states.map(([status]) => status)).toContain('failed');
  });

  test('is a table of aligned columns without colours where there is no terminal', () => {
    const text = table(summary, { paint: paintFor({}, {}), limit: 10, observed: [['texts equal', '3 of 3']] });
    expect(text).not.toContain('\u001B');
    const row = (label: string) => text.split('\n').find((line) => line.trimStart().startsWith(label));
    expect(
      row('delivered')
        ?.trim()
        .split(/\s{2,}/),
    ).toEqual(['delivered', '2', '·', '·', '2']);
    expect(new Set(['delivered', 'segments', 'refused', 'texts equal'].map((label) => row(label)?.length)).size).toBe(
      1,
    );
  });

  test('has colours on a terminal that wants them', () => {
    const terminal = { isTTY: true };
    expect(paintFor(terminal, {}).bold('x')).toBe('\u001B[1mx\u001B[0m');
    expect(paintFor(terminal, { NO_COLOR: '1' }).bold('x')).toBe('x');
  });
});
