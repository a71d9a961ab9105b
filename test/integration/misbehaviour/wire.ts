import { expect } from 'vitest';
import type { Link } from '../../../binder/simulator/behaviour.ts';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { deliverBody } from '../../fixtures/smpp-session.ts';
import { when } from '../../misbehaviours/when.ts';
import {
  badLength,
  octetByOctet,
  rawAfterBind,
  resetMidPdu,
  truncatedDeliver,
  twoPdusAWrite,
  unknownCommand,
} from '../../misbehaviours/wire.ts';
import { FEW } from './outgoing.ts';
import type { Scenario } from './scenario.ts';
import type { Misbehaviour } from './section-7.ts';

const onFirstLink = ({ id }: Link): boolean => id === 1;
/** The first second after the first bind is silent: this is between the second submit and the third. */
const AMID_SUBMITS_MS = 1_300;

const impossible: [Misbehaviour, number][] = [
  ['length 0', 0],
  ['length 4', 4],
  ['length 10', 10],
  ['length 2^31', 2 ** 31],
];

const impossibleLengths = impossible.map(
  ([of, length]): Scenario => ({
    of,
    title: 'in a header amid submits: it is told so, the connection ends, and the next one goes on',
    behaviours: () => [when(onFirstLink, badLength(length, AMID_SUBMITS_MS))],
    shown: ({ counters, receivedOf }) => {
      expect(counters.closed).toEqual({ bad_length: 1 });
      expect(receivedOf('generic_nack')).toMatchObject([{ status: 0x02, sequence: 0 }]);
    },
  }),
);

function oneTooMany(): Buffer {
  const frame = encodePdu({ ...deliverBody, command: 'deliver_sm', status: 0, sequence: 98 });
  frame.writeUInt32BE(frame.length + 1, 0);
  return frame;
}

export const wire: readonly Scenario[] = [
  {
    of: 'one byte a write',
    title: 'of everything it sends: every PDU is put together again',
    behaviours: () => [octetByOctet()],
    outgoing: FEW,
    // An answer waits behind some hundred octets, each of which has to wait for its turn.
    account: { timers: { submitAnswerMs: 20_000 } },
    shown: ({ counters, writes }) => {
      expect(new Set(writes.map(({ length }) => length))).toEqual(new Set([1]));
      expect(counters).toMatchObject({ malformed: {}, closed: {} });
    },
  },
  {
    of: 'two PDUs a segment',
    title: 'an answer and a receipt, say: both are read',
    behaviours: () => [twoPdusAWrite(100)],
    shown: ({ counters, writes }) => {
      expect(writes.filter((octets) => octets.readUInt32BE(0) < octets.length).length).toBeGreaterThan(5);
      expect(counters).toMatchObject({ malformed: {}, closed: {} });
    },
  },
  {
    of: 'reset in mid-PDU',
    title: 'at every fourth submit: its outcome is unknown, its lane decides, and the next connection starts clean',
    behaviours: () => [resetMidPdu(4)],
    shown: ({ counters }) => {
      expect(Object.keys(counters.closed)).toEqual(['connection_lost']);
      expect(counters.closed['connection_lost']).toBeGreaterThanOrEqual(2);
      expect(counters.submits['link_lost']).toBeGreaterThanOrEqual(counters.closed['connection_lost'] ?? 0);
      expect(counters.malformed).toEqual({});
    },
  },
  ...impossibleLengths,
  {
    of: 'length one too many',
    title: 'puts the stream out of step: the silence that follows is noticed, and the connection made anew',
    behaviours: () => [when(onFirstLink, rawAfterBind(oneTooMany(), AMID_SUBMITS_MS))],
    account: { timers: { enquireLinkMs: 500, enquireLinkAnswerMs: 500 } },
    shown: ({ counters, receivedOf }) => {
      expect(counters).toMatchObject({ malformed: { deliver_sm: 1 }, closed: { enquire_link_timeout: 1 } });
      expect(receivedOf('deliver_sm_resp')).toContainEqual(expect.objectContaining({ status: 0x65, sequence: 98 }));
    },
  },
  {
    of: 'truncated body',
    title: 'of a deliver_sm: refused for good, and the session goes on',
    behaviours: () => [truncatedDeliver()],
    shown: ({ counters, receivedOf }) => {
      expect(receivedOf('deliver_sm_resp')[0]).toMatchObject({ status: 0x65, sequence: 99 });
      expect(counters).toMatchObject({ malformed: { deliver_sm: 1 }, closed: {} });
    },
  },
  {
    of: 'unknown command',
    title: 'is answered with generic_nack, and the session goes on',
    behaviours: () => [unknownCommand()],
    shown: ({ counters, receivedOf }) => {
      expect(receivedOf('generic_nack')).toMatchObject([{ status: 0x03, sequence: 77 }]);
      expect(counters).toMatchObject({ unknownCommands: 1, closed: {} });
    },
  },
];
