import type { Behaviour, Link } from '../../binder/simulator/behaviour.ts';
import type { Decide, Outcome } from '../../binder/simulator/outcome.ts';
import { seededRandom } from '../../binder/simulator/random.ts';
import type { Pdu } from '../../binder/smpp/pdu.ts';
import { findTlv, TAG, tlvText } from '../../binder/smpp/tlv.ts';
import { reversed } from '../misbehaviours/answers.ts';

/** How the receipts of a message come. `mixed`: one to three times, each and the answer too at any moment of a second. */
export const WAYS = ['as_usual', 'before_the_answer', 'twice', 'reversed', 'mixed', 'with_unknown_ids'] as const;
export type Way = (typeof WAYS)[number];

const FATES = ['delivered', 'delivered', 'delivered', 'undelivered', 'expired', 'unknown', 'delivered'] as const;
export type Fate = (typeof FATES)[number];

const STATS: Readonly<Record<Fate, NonNullable<Outcome['receipt']>>> = {
  delivered: 'DELIVRD',
  undelivered: 'UNDELIV',
  expired: 'EXPIRED',
  unknown: 'UNKNOWN',
};
const USUAL_MS = 300;
const ANY_MOMENT_MS = 1_000;

/** What a number stands for. Its last seven digits are its place in the run, from which everything follows. */
export interface Plan {
  to: string;
  way: Way;
  fate: Fate;
  segments: number;
}

/** @param place from 0; ways, fates and lengths meet in every combination */
export function planOf(place: number): Plan {
  return {
    to: `+63917${String(1_000_000 + place)}`,
    way: WAYS[place % WAYS.length] ?? 'as_usual',
    fate: FATES[place % FATES.length] ?? 'delivered',
    segments: place % 5 === 0 ? 3 : 1,
  };
}

function planFor(destination: string): Plan {
  return planOf(Number(destination.slice(-7)) - 1_000_000);
}

/** Of several segments one has the fate, and the others are delivered. */
export const decideByPlan: Decide = ({ destination, segmentIndex, segments }) => {
  const { way, fate } = planFor(destination);
  const isDecisive = segments === 1 || segmentIndex === 2;
  return { receipt: isDecisive ? STATS[fate] : 'DELIVRD', delayMs: way === 'before_the_answer' ? 0 : USUAL_MS };
};

/** Answers and receipts, each in the way of its message. */
export function inTheirWays(seed: number): Behaviour {
  const random = seededRandom(seed);
  const destinations = new Map<string, string>();
  const ways = new Map<string, Way>();
  const held = new Map<string, () => void>();
  const backwards = reversed('deliver_sm', 10, 200);
  const keyOf = (link: Link, { sequence }: Pdu): string => `${link.id} ${sequence}`;
  const anyMoment = (link: Link, action: () => void): void => void link.after(random() * ANY_MOMENT_MS, action);
  return {
    received: (link, pdu, next) => {
      if (pdu.command === 'submit_sm') destinations.set(keyOf(link, pdu), pdu.destination.address);
      next(pdu);
    },
    sending: (link, pdu, next) => {
      const go = (): void => next(pdu);
      if (pdu.command === 'submit_sm_resp' && pdu.messageId) {
        const { way } = planFor(destinations.get(keyOf(link, pdu)) ?? '');
        ways.set(pdu.messageId, way);
        if (way === 'before_the_answer') return void held.set(pdu.messageId, go);
        return way === 'mixed' ? anyMoment(link, go) : go();
      }
      if (pdu.command !== 'deliver_sm') return go();
      const id = tlvText(findTlv(pdu.tlvs, TAG.receiptedMessageId) ?? Buffer.alloc(0));
      const way = ways.get(id);
      if (way === 'reversed') return backwards.sending?.(link, pdu, next);
      if (way === 'mixed') return anyMoment(link, go);
      go();
      held.get(id)?.();
      held.delete(id);
    },
    receipts: (receipt) => {
      const { way } = planFor(receipt.destination.address);
      if (way === 'twice') return [receipt, receipt];
      if (way === 'mixed') return Array.from({ length: 1 + Math.floor(random() * 3) }, () => receipt);
      if (way === 'with_unknown_ids') return [{ ...receipt, messageId: `9${receipt.messageId}` }, receipt];
      return [receipt];
    },
  };
}
