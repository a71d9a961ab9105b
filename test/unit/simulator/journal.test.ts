import { describe, expect, test } from 'vitest';
import { Journal } from '../../../binder/simulator/journal.ts';
import type { RecordedSubmit } from '../../../binder/simulator/recorded-submit.ts';
import { SUBMIT } from '../../esme.ts';

function submitAt(atMs: number, systemId = 'bindery'): RecordedSubmit {
  return {
    atMs,
    link: 1,
    systemId,
    sequence: 1,
    source: 'MSG95',
    destination: '09171234567',
    dataCoding: 0,
    validityPeriod: '',
    octets: SUBMIT.shortMessage,
    text: 'Hello',
    pdu: SUBMIT,
    accepted: true,
  };
}

function journalOf(...submits: RecordedSubmit[]): Journal {
  const journal = new Journal({ limit: 20, now: () => 0 });
  for (const submit of submits) journal.arrived(submit);
  return journal;
}

describe('what the message centre remembers', () => {
  test('the worst second is the fullest of any 1.000 s, long after it has passed', () => {
    const journal = journalOf(...[0, 999, 999.5, 1000, 1500, 1999.4, 5000].map((atMs) => submitAt(atMs)));
    // 999, 999.5, 1000, 1500; at 1999.4 the one at 999 has left again.
    expect(journal.worstSecond()).toBe(4);
  });

  test('system ids are counted apart, and the worst of them is the worst of all', () => {
    const journal = journalOf(submitAt(0), submitAt(1, 'other'), submitAt(2));
    expect([journal.worstSecond('bindery'), journal.worstSecond('other'), journal.worstSecond()]).toEqual([2, 1, 2]);
    expect(journalOf().worstSecond()).toBe(0);
  });

  test('of more than the limit the newest are kept', () => {
    const journal = journalOf(...Array.from({ length: 95 }, (_, atMs) => submitAt(atMs)));
    expect(journal.submits.length).toBeGreaterThanOrEqual(18);
    expect(journal.submits.length).toBeLessThanOrEqual(20);
    expect(journal.submits.at(-1)!.atMs).toBe(94);
    expect(journal.submits[0]!.atMs).toBe(95 - journal.submits.length);
  });

  test('a listener hears of every event until it stops listening', () => {
    const journal = journalOf();
    const heard: string[] = [];
    const stop = journal.listen(({ kind }) => heard.push(kind));
    journal.record({ kind: 'closed', link: 1, cutOff: false });
    stop();
    journal.record({ kind: 'protocol_fault', link: 1, reason: 'odd' });
    expect(heard).toEqual(['closed']);
    expect(journal.events.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['closed', 0],
      ['protocol_fault', 0],
    ]);
  });
});
