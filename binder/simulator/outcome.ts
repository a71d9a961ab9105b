import { STATUS } from '../smpp/status.ts';
import type { Stat } from './receipt.ts';
import { GUIDE_STATUS } from './submit-rules.ts';

/** One segment whose outcome is to be decided. */
export interface SubmittedSegment {
  systemId: string;
  source: string;
  destination: string;
  /** Of this segment alone. */
  text: string;
  /** From 1. A message that fits in one segment is segment 1 of 1. */
  segmentIndex: number;
  segments: number;
  /** Counts the submits of this system id that kept the rules, from 1. */
  ordinal: number;
}

export interface Outcome {
  /** command_status of the answer; other than 0 the segment is refused. Default 0. */
  status?: number;
  /** Default DELIVRD. */
  receipt?: Stat | 'none';
  /** Until the receipt is sent; default the simulator's own delay with its jitter. */
  delayMs?: number;
}

export type Decide = (segment: SubmittedSegment) => Outcome;

interface Ending {
  digits: string;
  says: string;
  outcome: Outcome;
}

/** Four digits, so that among numbers drawn at random one in a thousand meets one of these. */
const ENDINGS: readonly Ending[] = [
  { digits: '0001', says: 'undelivered (UNDELIV)', outcome: { receipt: 'UNDELIV' } },
  { digits: '0002', says: 'expired (EXPIRED)', outcome: { receipt: 'EXPIRED' } },
  { digits: '0003', says: 'unknown (UNKNOWN)', outcome: { receipt: 'UNKNOWN' } },
  { digits: '0004', says: 'accepted, and never a receipt', outcome: { receipt: 'none' } },
  { digits: '0005', says: 'delivered after 30 s', outcome: { delayMs: 30_000 } },
  {
    digits: '0006',
    says: 'refused: invalid destination address (0x0E)',
    outcome: { status: GUIDE_STATUS.invalidDestinationAddress },
  },
  {
    digits: '0007',
    says: 'refused: invalid source address (0x0D)',
    outcome: { status: GUIDE_STATUS.invalidSourceAddress },
  },
  { digits: '0008', says: 'refused for now: system error (0x08)', outcome: { status: STATUS.systemError } },
  { digits: '0009', says: 'refused for now: message queue full (0x14)', outcome: { status: STATUS.queueFull } },
];

/** What becomes of a message unless a program decides otherwise: it follows from the last four digits of its destination. */
export const decideByLastDigits: Decide = ({ destination }) =>
  ENDINGS.find(({ digits }) => destination.endsWith(digits))?.outcome ?? {};

/** The same, for people: one line an ending. */
export const ENDINGS_EXPLAINED: readonly string[] = [
  ...ENDINGS.map(({ digits, says }) => `…${digits}  ${says}`),
  'others  delivered (DELIVRD)',
];
