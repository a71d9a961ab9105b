import { describe, expect, test } from 'vitest';
import {
  addRequest,
  expireRequests,
  LATE_KEPT,
  LATE_KEPT_MS,
  matchAnswer,
  noRequests,
  type PendingRequests,
} from '../../../binder/session/pending-requests.ts';
import { MAX_SEQUENCE, nextSequence } from '../../../binder/session/sequence.ts';

const request = (sequence: number, sentAtMs: number) => ({
  sequence,
  sentAtMs,
  dueAtMs: sentAtMs + 1_000,
  request: sequence,
});

describe('the table of unanswered requests', () => {
  test('a request whose time ran out is matched for some minutes, then forgotten', () => {
    let table: PendingRequests<number> = addRequest(noRequests, request(1, 0));
    table = expireRequests(table, 1_000).requests;
    expect(matchAnswer(table, 1)).toMatchObject({ kind: 'late', entry: { request: 1 } });
    const later = addRequest(table, request(2, 1_000 + LATE_KEPT_MS));
    expect(matchAnswer(expireRequests(later, 2_000 + LATE_KEPT_MS).requests, 1)).toEqual({ kind: 'unmatched' });
  });

  test('the memory of overdue requests is bounded: the oldest are forgotten first', () => {
    let table: PendingRequests<number> = noRequests;
    for (let sequence = 1; sequence <= LATE_KEPT + 1; sequence += 1) table = addRequest(table, request(sequence, 0));
    const { expired, requests } = expireRequests(table, 1_000);
    expect(expired).toHaveLength(LATE_KEPT + 1);
    expect(requests.late).toHaveLength(LATE_KEPT);
    expect(matchAnswer(requests, 1)).toEqual({ kind: 'unmatched' });
    expect(matchAnswer(requests, 2).kind).toBe('late');
  });
});

describe('sequence numbers', () => {
  test('begin at 1 and come back to 1 after 0x7FFFFFFF', () => {
    expect(nextSequence(0)).toBe(1);
    expect(nextSequence(MAX_SEQUENCE - 1)).toBe(0x7fffffff);
    expect(nextSequence(MAX_SEQUENCE)).toBe(1);
  });
});
