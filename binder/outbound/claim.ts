import type { Account } from '../../shared/config/account.ts';
import { isFinal, type Message } from '../../shared/domain/message.ts';
import { waitingSegments } from '../../shared/domain/segments.ts';
import type { QueuedItem } from './lane-intake.ts';
import type { MessageChanges } from './message-in-hand.ts';

export type ClaimResult =
  /** Its segment `index` goes to the wire next. */
  | { kind: 'claimed'; message: Message; index: number }
  /** Nothing left to do for this queue message. */
  | { kind: 'done'; reason: string }
  /** Not now, and perhaps not ours; it becomes visible again by itself. */
  | { kind: 'not_ours'; reason: string };

export interface Claimant {
  owner: string;
  fence: number;
  lanes: Account['lanes'];
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Claims a message before anything of it goes to the wire. A queue message says only that somebody should look: what was
 * stored decides, so a redelivered one never goes straight to the wire (promise P5).
 * @throws where the table fails; the queue message is received again later
 */
export async function claimMessage(
  messages: MessageChanges,
  item: QueuedItem,
  claimant: Claimant,
): Promise<ClaimResult> {
  let message = await messages.get(item.messageId);
  // Two rounds at most: free it from a dead claim, then claim it.
  for (let round = 0; round < 3; round += 1) {
    if (message === undefined) return { kind: 'not_ours', reason: 'no such message' };
    const at = claimant.now();
    if (isFinal(message.status) || message.status === 'sent') return { kind: 'done', reason: message.status };
    if (message.status === 'scheduled') return { kind: 'done', reason: 'scheduled for later' };
    if (message.claim && message.claim.fence > claimant.fence)
      return { kind: 'not_ours', reason: 'claimed by a newer owner' };
    if (message.claim) {
      // Of an earlier owner, or of this one before it lost sight of it: either way nobody works on it now.
      const policy = claimant.lanes[message.lane].unknownOutcome;
      message = after(await messages.change(message.messageId, { kind: 'abandoned', policy, at }, message));
      continue;
    }
    if (message.expiresAt <= at && !message.segments.some(({ state }) => state === 'accepted')) {
      message = after(await messages.change(message.messageId, { kind: 'expired', at }, message));
      continue;
    }
    const { owner, fence } = claimant;
    const result = await messages.change(message.messageId, { kind: 'claimed', owner, fence, at }, message);
    if (result.kind === 'changed') {
      const [index = 0] = waitingSegments(result.before);
      return { kind: 'claimed', message: result.message, index };
    }
    message = after(result);
  }
  return { kind: 'not_ours', reason: 'changed while it was being claimed' };
}

function after(result: Awaited<ReturnType<MessageChanges['change']>>): Message | undefined {
  return result.kind === 'missing' ? undefined : result.message;
}
