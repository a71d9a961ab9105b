import { expect } from 'vitest';
import type { Link } from '../../../binder/simulator/behaviour.ts';
import { when } from '../../misbehaviours/when.ts';
import {
  dropEvery,
  enquiring,
  ignoreEnquireLinks,
  silentFromSubmit,
  slowLine,
  stopReading,
  unbindEvery,
} from '../../misbehaviours/wire.ts';
import type { Encounter } from './encounter.ts';
import type { Scenario } from './scenario.ts';

const onFirstLink = ({ id }: Link): boolean => id === 1;
const onFirstTwoLinks = ({ id }: Link): boolean => id <= 2;
const SHORT_ENQUIRY = { enquireLinkMs: 600, enquireLinkAnswerMs: 900 };
const NOTICED_WITHIN_MS = 6_000;

/** From the last submit on the first link to the second bind: the first session stood that long though nothing came. */
function noticedAfterMs({ operator }: Encounter): number {
  const boundAtMs = operator.events.flatMap((event) => (event.kind === 'bind_answered' ? [event.atMs] : []));
  const lastOnFirst = operator.submits.findLast(({ link }) => link === 1);
  return (boundAtMs[1] ?? Number.POSITIVE_INFINITY) - (lastOnFirst?.atMs ?? 0);
}

/** Whichever it misses first: the answer to an enquire_link, or to its submits. */
function noticed({ counters }: Encounter): void {
  const { enquire_link_timeout = 0, submits_unanswered = 0, ...others } = counters.closed;
  expect(enquire_link_timeout + submits_unanswered).toBeGreaterThanOrEqual(1);
  expect(others).toEqual({});
}

const lostOutcomes = ({ counters }: Encounter): number => counters.submits['link_lost'] ?? 0;

export const links: readonly Scenario[] = [
  {
    of: 'silence',
    title:
      'from a submit on, though it takes what comes: noticed, and what it may have taken is for the lanes to decide',
    behaviours: () => [when(onFirstLink, silentFromSubmit(3))],
    account: { timers: SHORT_ENQUIRY },
    shown: (encounter) => {
      noticed(encounter);
      expect(lostOutcomes(encounter)).toBeGreaterThanOrEqual(2);
      expect(noticedAfterMs(encounter)).toBeLessThan(NOTICED_WITHIN_MS);
    },
  },
  {
    of: 'half-open',
    title: 'it does not read any more: noticed, and what it never read is sent again or held as its lane says',
    behaviours: () => [when(onFirstLink, stopReading(1_300))],
    // A receipt that went out on that link comes again on the next one.
    operator: { receiptAnswerTimeoutMs: 2_000 },
    account: { timers: SHORT_ENQUIRY },
    shown: (encounter) => {
      noticed(encounter);
      expect(lostOutcomes(encounter)).toBeGreaterThanOrEqual(1);
      expect(noticedAfterMs(encounter)).toBeLessThan(NOTICED_WITHIN_MS);
    },
  },
  {
    of: 'unbind from the peer',
    title: 'at every fourth submit, which it leaves unanswered: answered, and bound again each time',
    behaviours: () => [unbindEvery(4)],
    shown: (encounter) => {
      const { counters, receivedOf } = encounter;
      expect(counters.closed['peer_unbound']).toBeGreaterThanOrEqual(2);
      expect(receivedOf('unbind_resp')).toHaveLength(counters.closed['peer_unbound'] ?? 0);
      expect(lostOutcomes(encounter)).toBeGreaterThanOrEqual(counters.closed['peer_unbound'] ?? 0);
    },
  },
  {
    of: 'enquire_link',
    title: 'from the peer, again and again: each is answered, and nothing else changes',
    behaviours: () => [enquiring(150)],
    shown: ({ counters, receivedOf }) => {
      expect(counters.read['enquire_link']).toBeGreaterThan(10);
      expect(receivedOf('enquire_link_resp')).toHaveLength(counters.read['enquire_link'] ?? 0);
      expect(counters).toMatchObject({ closed: {}, notes: {} });
    },
  },
  {
    of: 'enquire_link',
    title: 'never answered: the idle link is left, a link with other signs of life is not',
    behaviours: () => [when(onFirstTwoLinks, ignoreEnquireLinks())],
    account: { timers: { enquireLinkMs: 2_000, enquireLinkAnswerMs: 900 } },
    meanwhile: ({ operator }) => operator.until(() => operator.links.some(({ id }) => id === 3), 20_000),
    shown: (encounter) => {
      expect(Object.keys(encounter.counters.closed)).toEqual(['enquire_link_timeout']);
      expect(lostOutcomes(encounter)).toBe(0);
      expect(encounter.operator.submits.filter(({ link }) => link === 1)).toHaveLength(8);
    },
  },
  {
    of: 'drop every N submits',
    title: 'the fourth of each four is sent again or held as its lane says, all others arrive once',
    behaviours: () => [dropEvery(4)],
    shown: (encounter) => {
      const { counters, operator } = encounter;
      expect(counters.closed['connection_lost']).toBe(Math.floor(operator.submits.length / 4));
      expect(lostOutcomes(encounter)).toBeGreaterThanOrEqual(counters.closed['connection_lost'] ?? 0);
    },
  },
  {
    of: 'drop every N submits',
    title: 'of the transmitter of a pair: the receiver stands, and takes the receipts',
    behaviours: () => [dropEvery(4)],
    account: { bindType: 'transmitter+receiver' },
    shown: ({ counters, operator }) => {
      expect(counters.closed['connection_lost']).toBe(Math.floor(operator.submits.length / 4));
      expect(counters.written).toMatchObject({ bind_receiver: 1 });
    },
  },
  {
    of: 'slow link',
    title: 'of 400 ms each way it is waited for, and nothing is sent twice',
    behaviours: () => [slowLine(400)],
    shown: (encounter) => {
      expect(lostOutcomes(encounter)).toBe(0);
      expect(encounter.counters.closed).toEqual({});
      expect(encounter.operator.submits).toHaveLength(11);
    },
  },
];
