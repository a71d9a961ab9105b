import { describe, expect, test } from 'vitest';
import type { SimulatorEvent } from '../../../binder/simulator/journal.ts';
import {
  ALL_SENT,
  accepted,
  brokenIn,
  claimed,
  eventsOf,
  evidenceOf,
  messageAfter,
  receiptEvents,
  receiptRow,
  reported,
  requested,
  rowOf,
  secondSubmitted,
  segmentRow,
  submitOf,
} from './scene.ts';

test('a run in which nothing went wrong breaks no promise', () => {
  expect(brokenIn({})).toEqual([]);
  expect(rowOf('accepted')).toBe('1 (otp 0, transactional 1, bulk 0)');
  expect(rowOf('delivered')).toBe('1 (otp 0, transactional 1, bulk 0)');
  expect(rowOf('accepted minus all of these')).toBe(0);
});

describe('of messages it is told', () => {
  const sent = messageAfter(ALL_SENT);

  test('that one was accepted and is nowhere', () => {
    expect(brokenIn({ messages: [], rows: [], submits: [], bus: [], operatorEvents: [] })).toEqual([
      expect.stringMatching(/accepted, and not in the table/) as string,
    ]);
  });

  test('that one is called delivered and the operator never said so', () => {
    const broken = brokenIn({ operatorEvents: receiptEvents('100'), rows: evidenceOf().rows.slice(0, 3) });
    expect(broken).toEqual([expect.stringMatching(/is delivered: the operator never said so/) as string]);
  });

  test('that one is called failed and the operator has some of it', () => {
    const error = { code: 'x', detail: 'y', retryable: false };
    const failed = messageAfter([claimed, { kind: 'segment_refused', index: 0, error, at: 1 }]);
    const refused = submitOf(0, { accepted: false, status: 0x0b });
    const nothing = { messages: [failed], rows: [], operatorEvents: [] };
    expect(brokenIn({ ...nothing, submits: [refused] })).toEqual([]);
    expect(brokenIn({ ...nothing, submits: [refused, submitOf(0)] })).toEqual([
      expect.stringMatching(/is failed: the operator has taken some of it/) as string,
    ]);
  });

  test('that one is called unknown and need not be', () => {
    const held = messageAfter([{ kind: 'expired', at: 1 }]);
    const unknown = { ...held, status: 'unknown' as const };
    const broken = brokenIn({ messages: [unknown], submits: [], rows: [], operatorEvents: [] });
    expect(broken).toContainEqual(expect.stringMatching(/is unknown: it could be known/));
  });

  test('that one expired before its time, or at an operator who never said so', () => {
    const early = messageAfter([{ kind: 'expired', at: 1 }]);
    const nothing = { submits: [], rows: [], operatorEvents: [] };
    expect(brokenIn({ ...nothing, messages: [early] })).toEqual([
      expect.stringMatching(/is expired: before its time/) as string,
    ]);
    const error = { code: 'expired_at_operator', detail: 'x', retryable: true };
    expect(brokenIn({ ...nothing, messages: [{ ...early, error }] })).toEqual([
      expect.stringMatching(/is expired: the operator never said so/) as string,
    ]);
  });

  test('that one waits for receipts that came', () => {
    expect(brokenIn({ messages: [sent] })).toContainEqual(expect.stringMatching(/is sent: its receipts came/));
    const never = { messages: [sent], rows: [segmentRow(0), segmentRow(1)], operatorEvents: [] };
    expect(brokenIn(never)).toEqual([]);
    expect(rowOf('waiting for a receipt that the operator never sent', never)).toBe(1);
  });

  test('that one stands in no lane and nothing will come for it', () => {
    const queued = messageAfter([]);
    const nothing = { messages: [queued], submits: [], rows: [], operatorEvents: [] };
    expect(brokenIn(nothing)).toEqual([]);
    expect(rowOf('waiting for the sweep', nothing)).toBe(1);
    expect(brokenIn({ ...nothing, takenAt: queued.dueAt! + 1 })).toEqual([
      expect.stringMatching(/is queued: and nothing will come for it/) as string,
    ]);
    expect(brokenIn({ ...nothing, deadLetters: [queued.messageId] })).toEqual([
      expect.stringMatching(/is queued: it is in a dead-letter queue/) as string,
    ]);
  });

  test('how requests were refused, and that one was stored all the same', () => {
    const requests = [...evidenceOf().requests, { message: { ...requested, to: '+639175550001' }, status: 503 }];
    expect(rowOf('requests refused', { requests })).toBe('1 (1 × 503)');
    expect(rowOf('of them stored all the same', { requests })).toBe(0);
    expect(rowOf('of them stored all the same', { requests: [{ message: requested, status: 0 }] })).toBe(1);
  });
});

describe('of segments it is told', () => {
  test('that one is at the operator twice though nobody sent it again knowingly', () => {
    const submits = [submitOf(0), submitOf(1), submitOf(1, { messageId: '102' })];
    expect(brokenIn({ submits })).toEqual([
      expect.stringMatching(/segment 2 of 2: 2 times at the operator, sent again 0 times/) as string,
    ]);
    expect(rowOf('duplicates beyond it', { submits })).toBe(1);
  });

  test('that one is there twice by policy', () => {
    const unanswered = { kind: 'segment_unanswered', index: 0, policy: 'resend_once', at: 1 } as const;
    const again = { kind: 'segment_submitting', index: 0, at: 1 } as const;
    const changes = [claimed, unanswered, again, accepted(0), secondSubmitted, accepted(1), reported(0), reported(1)];
    const twice = { messages: [messageAfter(changes)], submits: [...evidenceOf().submits, submitOf(0)] };
    expect(brokenIn(twice)).toEqual([]);
    expect(rowOf('duplicates by policy', twice)).toBe(1);
    expect(rowOf('duplicates beyond it', twice)).toBe(0);
    const inBulk = { ...twice, messages: [messageAfter(changes, { lane: 'bulk' })] };
    expect(brokenIn(inBulk)).toEqual([expect.stringMatching(/segment 1 of 2: sent again 1 times/) as string]);
  });

  test('that it has an id that the operator gave to something else', () => {
    const submits = [submitOf(0), submitOf(1, { messageId: '999' })];
    expect(brokenIn({ submits })).toContainEqual(expect.stringMatching(/has an id that the operator did not give/));
  });

  test('that another text arrived, or another one the second time', () => {
    const submits = [submitOf(0), submitOf(1, { text: 'Paalam' })];
    expect(brokenIn({ submits })).toEqual([expect.stringMatching(/another text arrived/) as string]);
    expect(rowOf('texts unequal', { submits })).toBe(1);
    const repeated = [submitOf(0), submitOf(1), submitOf(1, { octets: Buffer.from('x') })];
    expect(brokenIn({ submits: repeated })).toContainEqual(expect.stringMatching(/was another one when/));
  });

  test('that something arrived which nobody asked for', () => {
    const submits = [...evidenceOf().submits, submitOf(0, { destination: '09175559999' })];
    expect(brokenIn({ submits })).toEqual([expect.stringMatching(/nobody asked for it/) as string]);
  });
});

describe('of receipts it is told', () => {
  test('that one was acknowledged and is not stored', () => {
    const rows = [segmentRow(0), segmentRow(1), receiptRow('100')];
    expect(brokenIn({ rows })).toEqual(['receipt for 101: acknowledged, and not stored']);
    expect(rowOf('receipts acknowledged and lost', { rows })).toBe(1);
  });

  test('that one is stored and changed nothing, or that the message says otherwise', () => {
    const unapplied = messageAfter([...ALL_SENT, reported(0)]);
    expect(brokenIn({ messages: [unapplied] })).toContainEqual(expect.stringMatching(/is stored, and changed nothing/));
    const rows = [segmentRow(0), segmentRow(1), receiptRow('100'), receiptRow('101', 'UNDELIV')];
    expect(brokenIn({ rows })).toEqual([
      expect.stringMatching(/is delivered, and its receipt says otherwise/) as string,
    ]);
  });
});

describe('of owners it is told', () => {
  const bind = { kind: 'bind_answered', systemId: 's', bindType: 'transceiver', status: 0 } as const;
  const bound = (link: number, atMs: number): SimulatorEvent => ({ ...bind, link, atMs });
  const closed = (link: number, atMs: number): SimulatorEvent => ({ kind: 'closed', link, atMs, cutOff: false });
  const events = [bound(1, 0), bound(2, 10), closed(1, 25), closed(2, 90)];
  const whole = evidenceOf().operatorEvents;
  const operatorEvents = [...whole, ...events];

  test('that two were bound at once', () => {
    const owners = new Map([
      [1, 7],
      [2, 8],
    ]);
    expect(brokenIn({ operatorEvents, owners })).toEqual([
      'tasks 7 and 8 were bound at once for 15 ms (connections 1 and 2)',
    ]);
    expect(rowOf('two owners bound at once', { operatorEvents, owners })).toBe(1);
  });

  test('that one was bound twice, which it may be', () => {
    const owners = new Map([
      [1, 7],
      [2, 7],
    ]);
    expect(brokenIn({ operatorEvents, owners })).toEqual([]);
  });

  test('that the operator did not read the first any more, which proves nothing', () => {
    const owners = new Map([
      [1, 7],
      [2, 8],
    ]);
    expect(brokenIn({ operatorEvents, owners, deafSinceMs: new Map([[1, 9]]) })).toEqual([]);
  });
});

describe('of the rest it is told', () => {
  test('that eleven came in a second', () => {
    const arrivals = Array.from({ length: 11 }, (_, n) => ({ notBeforeMs: n * 99, notAfterMs: n * 99 + 1 }));
    expect(brokenIn({ arrivals })).toEqual([expect.stringMatching(/^11 in 991.0 ms/) as string]);
    expect(rowOf('most in any 1.000 s (limit 10)', { arrivals })).toBe(11);
  });

  test('that an event is missing, is there for nothing, or comes again with its id', () => {
    const { bus } = evidenceOf();
    expect(brokenIn({ bus: bus.slice(0, -1) })).toEqual([expect.stringMatching(/on the bus .* expected/) as string]);
    const stranger = eventsOf(messageAfter([], { messageId: 'msg_stranger' }));
    expect(brokenIn({ bus: [...bus, ...stranger] })).toEqual(['msg_stranger: an event of a message that is not there']);
    expect(brokenIn({ bus: [...bus, ...bus] })).toEqual([]);
    expect(rowOf('repeats, with the same id', { bus: [...bus, ...bus] })).toBe(bus.length);
  });

  test('that a state went back', () => {
    const message = evidenceOf().messages[0]!;
    const timeline = [...message.timeline, { status: 'sent' as const, at: 1, sequence: message.sequence + 1 }];
    const messages = [{ ...message, timeline }];
    expect(brokenIn({ messages })).toEqual([expect.stringMatching(/went back: .*delivered, sent$/) as string]);
  });

  test('that a log holds what it must not, and that records were given up', () => {
    expect(brokenIn({ leaks: ['binder.log: x'], parked: ['parked: 1 by y'] })).toEqual([
      'parked: 1 by y',
      'binder.log: x',
    ]);
  });
});
