import type { Account } from '../../shared/config/account.ts';
import { type Claim, isFinal, type Message } from '../../shared/domain/message.ts';
import type { MessageChange } from '../../shared/domain/message-change.ts';
import { mayHaveArrived } from '../../shared/domain/segments.ts';
import type { MessageChanges } from './message-in-hand.ts';

/** Free it from a dead claim, expire or claim it, and once more where somebody else changed it meanwhile. */
const MOST_CHANGES = 3;

export type ClaimResult =
  /** Its segment `index` goes to the wire next. */
  | { kind: 'claimed'; message: Message; index: number }
  /** Nothing left to do for this queue message. */
  | { kind: 'done'; reason: string }
  /** Not now, and perhaps not ours; it becomes visible again by itself. */
  | { kind: 'not_ours'; reason: string };

export interface ClaimRequest {
  messageId: string;
  /** What the claim says. `at` (epoch milliseconds) is the same when the request is repeated after a fault. */
  claim: Claim;
  lanes: Account['lanes'];
}

/**
 * Claims a message before anything of it goes to the wire. A queue message says only that somebody should look: what was
 * stored decides, so a redelivered one never goes straight to the wire (promise P5). Must not run twice at a time for one
 * message. May be repeated after a fault, with the same claim.
 * @throws where the table fails
 */
export async function claimMessage(messages: MessageChanges, request: ClaimRequest): Promise<ClaimResult> {
  const { claim } = request;
  let message = await messages.get(request.messageId);
  for (let changes = 0; ; changes += 1) {
    if (message === undefined) return { kind: 'not_ours', reason: 'no such message' };
    // Stored, be it that the answer to an earlier try got lost on its way.
    if (isSame(message.claim, claim)) return { kind: 'claimed', message, index: submittingIndex(message) };
    const { status } = message;
    if (isFinal(status) || status === 'sent') return { kind: 'done', reason: status };
    if (status === 'scheduled') return { kind: 'done', reason: 'scheduled for later' };
    if (message.claim && message.claim.fence > claim.fence)
      return { kind: 'not_ours', reason: 'claimed by a newer owner' };
    if (changes === MOST_CHANGES) return { kind: 'not_ours', reason: 'changed while it was being claimed' };
    const result = await messages.change(request.messageId, towardsClaim(message, request), message);
    message = result.kind === 'missing' ? undefined : result.message;
  }
}

function towardsClaim(message: Message, { claim, lanes }: ClaimRequest): MessageChange {
  // Of an earlier owner, or of this one before it lost sight of it: either way nobody works on it now.
  if (message.claim) return { kind: 'abandoned', policy: lanes[message.lane].unknownOutcome, at: claim.at };
  if (message.expiresAt <= claim.at && !message.segments.some(mayHaveArrived)) return { kind: 'expired', at: claim.at };
  return { kind: 'claimed', ...claim };
}

function isSame(stored: Claim | undefined, asked: Claim): boolean {
  return stored?.owner === asked.owner && stored.fence === asked.fence && stored.at === asked.at;
}

/** A claim marks one segment, the first that waited. */
function submittingIndex(message: Message): number {
  return message.segments.findIndex(({ state }) => state === 'submitting');
}
