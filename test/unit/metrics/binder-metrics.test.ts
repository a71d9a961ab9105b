import { describe, expect, test } from 'vitest';
import type { CloseWord } from '../../../binder/session/close-reason.ts';
import { BINDER_METRICS, memberMetric } from '../../../shared/config/binder-metrics.ts';
import { STANDARD_BIND_ANSWERS, STANDARD_SUBMIT_ANSWERS } from '../../../shared/config/standard-statuses.ts';

const names = Object.keys(BINDER_METRICS);

describe('the table of metrics', () => {
  test('fits into one line: CloudWatch takes a hundred metrics from it', () => {
    expect(names.length).toBeLessThanOrEqual(100);
  });

  test('has names that CloudWatch, alarms and JSON take without quoting', () => {
    expect(names.filter((name) => !/^[A-Z][A-Za-z0-9]{1,60}$/.test(name))).toEqual([]);
  });

  test('says of each what it is in one line', () => {
    for (const [name, { meaning }] of Object.entries(BINDER_METRICS)) {
      expect(meaning, name).toMatch(/^\S.{8,120}\S$/);
    }
  });

  test('leaves out zeroes of events only: how things stand is always told', () => {
    const sparse = Object.values(BINDER_METRICS).filter((metric) => metric.sparse);
    expect(new Set(sparse.map(({ kind }) => kind))).toEqual(new Set(['event']));
  });
});

describe('one of many', () => {
  test('has the metric of its code or reason', () => {
    expect(memberMetric('Answers', '0x58')).toBe('Answers0x58');
    expect(memberMetric('BindAnswers', '0x0E')).toBe('BindAnswers0x0E');
    expect(memberMetric('SessionsEnded', 'enquire_link_timeout')).toBe('SessionsEndedEnquireLinkTimeout');
  });

  test('shares one with all others where it has none: an operator cannot make up metrics', () => {
    expect(memberMetric('Answers', '0x4AB')).toBe('AnswersOther');
    expect(memberMetric('BindAnswers', '0x58')).toBe('BindAnswersOther');
    expect(memberMetric('SessionsEnded', 'constructor')).toBe('SessionsEndedOther');
  });

  test.each(Object.keys(STANDARD_SUBMIT_ANSWERS).filter((key) => /^0x\w+$/.test(key)))(
    'an answer %s that the tables know has its own',
    (code) => {
      const hex = `0x${Number(code).toString(16).toUpperCase().padStart(2, '0')}`;
      expect(memberMetric('Answers', hex)).toBe(`Answers${hex}`);
    },
  );

  test.each(Object.keys(STANDARD_BIND_ANSWERS).filter((key) => /^0x\w+$/.test(key)))(
    'a refusal %s of a bind that the tables know has its own',
    (code) => {
      const hex = `0x${Number(code).toString(16).toUpperCase().padStart(2, '0')}`;
      expect(memberMetric('BindAnswers', hex)).toBe(`BindAnswers${hex}`);
    },
  );

  // Typed, so that a new reason must be added here.
  const reasons: Record<CloseWord, true> = {
    requested: true,
    rebind: true,
    credentials_unavailable: true,
    connect_failed: true,
    connect_timeout: true,
    bind_refused: true,
    bind_timeout: true,
    bind_mismatched: true,
    bind_not_encodable: true,
    enquire_link_timeout: true,
    submits_unanswered: true,
    peer_not_reading: true,
    peer_unbound: true,
    peer_closed: true,
    connection_lost: true,
    bad_length: true,
  };
  test.each(Object.keys(reasons))('a session that ended with %s has its own', (reason) => {
    expect(memberMetric('SessionsEnded', reason)).not.toBe('SessionsEndedOther');
  });
});
