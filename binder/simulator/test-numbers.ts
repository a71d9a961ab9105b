import { normalizeNumber } from '../../shared/domain/phone-number.ts';
import type { Pdu } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { Behaviour, Link } from './behaviour.ts';
import type { Decide, Outcome } from './outcome.ts';
import type { Receipt } from './receipt.ts';

/** What happens to messages to one number. */
interface TestNumber {
  outcome?: Outcome | ((segment: { segmentIndex: number; segments: number }) => Outcome);
  /** When the submit_sm_resp leaves; default at once. */
  answer?: 'never' | { afterMs: number };
  /** How often the receipt comes; default once. */
  receipts?: number;
}

/** No such number: the standard reading of 0x0B, a refusal of the recipient. */
const INVALID_DESTINATION = 0x0b;
/** A vendor's code; the test account reads it as "keep it in the queue" (cdk/config/test-account.ts). */
const KEEP_IN_QUEUE = 0x400;

const TEST_NUMBERS: Readonly<Record<string, TestNumber>> = {
  '+639005550000': {},
  '+639005550002': { outcome: { status: INVALID_DESTINATION } },
  '+639005550010': { outcome: { receipt: 'UNDELIV' } },
  '+639005550011': { outcome: { receipt: 'UNDELIV', delayMs: 10_000 } },
  '+639005550012': { outcome: { receipt: 'none' } },
  '+639005550013': { outcome: { delayMs: 0 }, answer: { afterMs: 500 } },
  '+639005550014': { receipts: 2 },
  '+639005550015': {
    outcome: ({ segmentIndex, segments }) => (segments > 1 && segmentIndex === 2 ? { receipt: 'UNDELIV' } : {}),
  },
  '+639005550016': { outcome: { status: KEEP_IN_QUEUE } },
  '+639005550017': { answer: 'never' },
};

/** The listed number that a destination address is, in whichever form. Any other is delivered. */
function testNumber(destination: string): TestNumber {
  const number = normalizeNumber(destination);
  return (number.kind === 'ok' ? TEST_NUMBERS[number.e164] : undefined) ?? {};
}

/** What becomes of a message follows from its number. */
export const decideByTestNumber: Decide = (segment) => {
  const { outcome = {} } = testNumber(segment.destination);
  return typeof outcome === 'function' ? outcome(segment) : outcome;
};

/** Answers that come late or never, and receipts that come twice, as their number asks for. */
export function testNumberBehaviour(): Behaviour {
  /** Answers to be held back, by link and sequence number. */
  const late = new Map<string, number>();
  const keyOf = (link: Link, { sequence }: Pdu): string => `${link.id} ${sequence}`;
  return {
    received: (link, pdu, next) => {
      const { answer } = pdu.command === 'submit_sm' ? testNumber(pdu.destination.address) : {};
      if (answer === 'never') return;
      if (answer !== undefined) late.set(keyOf(link, pdu), answer.afterMs);
      next(pdu);
    },
    sending: (link, pdu, next) => {
      const key = keyOf(link, pdu);
      const afterMs = pdu.command === 'submit_sm_resp' ? late.get(key) : undefined;
      if (afterMs === undefined) return next(pdu);
      late.delete(key);
      // What is refused has no receipt that could come before it.
      if (pdu.status === STATUS.ok) link.after(afterMs, () => next(pdu));
      else next(pdu);
    },
    receipts: (receipt: Receipt) =>
      Array.from({ length: testNumber(receipt.destination.address).receipts ?? 1 }, () => receipt),
  };
}
