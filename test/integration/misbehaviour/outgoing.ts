import { ulid } from 'ulid';
import type { Lane } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { segmentText } from '../../../shared/encoding/segment.ts';
import { queuedMessage } from '../../fixtures/message.ts';

/** What somebody wants to send. */
export interface Outgoing {
  lane: Lane;
  text: string;
  /** E.164; a number of its own where left out. */
  to?: string;
}

const LONG = 'A message in two parts, which have to come together again whatever happens between them. '.repeat(2);

/** A little of everything: each lane, a long message, another alphabet. Eight segments. */
export const MIXED: readonly Outgoing[] = [
  { lane: 'bulk', text: 'Sale ends tonight' },
  { lane: 'bulk', text: 'Sale ended last night' },
  { lane: 'transactional', text: 'Your parcel is on its way' },
  { lane: 'transactional', text: LONG },
  { lane: 'transactional', text: 'Señor, ₱500 received' },
  { lane: 'otp', text: 'Your code is 123456' },
  { lane: 'otp', text: 'Your code is 654321' },
];

/** One of each lane. */
export const FEW: readonly Outgoing[] = [
  { lane: 'bulk', text: 'Sale ends tonight' },
  { lane: 'transactional', text: 'Your parcel is on its way' },
  { lane: 'otp', text: 'Your code is 123456' },
];

/** What proves that nothing is wedged: one of each lane again. */
export const AFTERWARDS: readonly Outgoing[] = [
  { lane: 'bulk', text: 'Afterwards, in bulk' },
  { lane: 'transactional', text: 'Afterwards' },
  { lane: 'otp', text: 'Afterwards 111222' },
];

let numbers = 0;

/** The message that the API would store. No two have the same number, unless told to. */
export function messageOf({ lane, text, to }: Outgoing, account: string): Message {
  const segmented = segmentText({ text, encoding: 'auto' });
  if (segmented.kind !== 'ok') throw new Error('the text cannot be sent');
  numbers += 1;
  const now = Date.now();
  return queuedMessage({
    messageId: `msg_${ulid()}`,
    account,
    lane,
    text,
    encoding: segmented.encoding,
    segmentCount: segmented.segments.length,
    // Not four digits that the simulated message centre makes something of.
    to: to ?? `+6391755${50_100 + numbers}`,
    createdAt: now,
    queuedAt: now,
    expiresAt: now + 3_600_000,
    dueAt: now + 3_600_000,
  });
}
