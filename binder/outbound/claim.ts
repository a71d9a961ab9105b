import type { Account } from '../../shared/config/account.ts';
import { type Claim, isFinal, type Message } from '../../shared/domain/message.ts';
import type { MessageChange } from '../../shared/domain/message-change.ts';
import { mayHaveArrived } from '../../shared/domain/segments.ts';
import type { MessageChanges } from './message-in-hand.ts';
import type { OptOutCheck } from './opt-out-check.ts';

/** Free it from a dead claim, release, expire or claim it, and once more where somebody else changed it meanwhile. */
const MOST_CHANGES = 3;

/** The queue shows a scheduled message at its time, by another's clock; for longer it need not stay there. */
const LONGEST_EARLY_SECONDS = 120;

export type ClaimResult =
  /** Its segment `index` goes to the wire next. */
  | { kind: 'claimed'; message: Message; index: number }
  /** Nothing left to do for this queue message. */
  | { kind: 'done'; reason: string }
  /** Not for the next `delaySeconds`: the operator refuses its sender id, or its time has not come. */
  | { kind: 'later'; delaySeconds: number }
  /** Not by us now; soon, perhaps, by whoever has it. */
  | { kind: 'not_ours'; reason: string }
  /** No binder of this account will ever send it. */
  | { kind: 'poison'; reason: 'no_such_message' | 'other_account' };

export interface ClaimRequest {
  messageId: string;
  account: Pick<Account, 'name' | 'lanes'>;
  /** For how long the message must not go yet; 0 if it may go. */
  holdSeconds: (message: Message) => number;
  optOut: OptOutCheck;
  /** What the claim says. `at` (epoch milliseconds) is the same when the request is repeated after a fault. */
  claim: Claim;
}

/**
 * Claims a message before anything of it goes to the wire. A queue message says only that somebody should look: what was
 * stored decides, so a redelivered one never goes straight to the wire (promise P5). Must not run twice at a time for one
 * message. May be repeated after a fault, with the same claim.
 * @throws where a table fails: what may not be sent is then not known, and nothing is
 */
export async function claimMessage(messages: MessageChanges, request: ClaimRequest): Promise<ClaimResult> {
  const { account, claim, holdSeconds } = request;
  let message = await messages.get(request.messageId);
  for (let changes = 0; ; changes += 1) {
    if (message === undefined) return { kind: 'poison', reason: 'no_such_message' };
    if (message.account !== account.name) return { kind: 'poison', reason: 'other_account' };
    // Stored, be it that the answer to an earlier try got lost on its way.
    if (isSame(message.claim, claim)) return { kind: 'claimed', message, index: submittingIndex(message) };
    const { status } = message;
    if (isFinal(status) || status === 'sent') return { kind: 'done', reason: status };
    // Its batch is paused, and queues it again when it is not.
    if (message.held) return { kind: 'done', reason: 'held' };
    const earlySeconds = status === 'scheduled' ? secondsUntil(message.sendAt, claim.at) : 0;
    // The sweep queues it again when its time is near.
    if (earlySeconds > LONGEST_EARLY_SECONDS) return { kind: 'done', reason: 'scheduled for later' };
    if (earlySeconds > 0) return { kind: 'later', delaySeconds: earlySeconds };
    if (message.claim && message.claim.fence > claim.fence)
      return { kind: 'not_ours', reason: 'claimed by a newer owner' };
    if (changes === MOST_CHANGES) return { kind: 'not_ours', reason: 'changed while it was being claimed' };
    const change = towardsClaim(message, request);
    const begins = change.kind === 'claimed' && !hasBegun(message);
    const delaySeconds = begins ? holdSeconds(message) : 0;
    if (delaySeconds > 0) return { kind: 'later', delaySeconds };
    const refusal = begins ? await request.optOut(message) : undefined;
    const next: MessageChange = refusal === undefined ? change : { kind: 'failed', error: refusal, at: claim.at };
    const result = await messages.change(request.messageId, next, message);
    message = result.kind === 'missing' ? undefined : result.message;
  }
}

function towardsClaim(message: Message, { account, claim }: ClaimRequest): MessageChange {
  // Of an earlier owner, or of this one before it lost sight of it: either way nobody works on it now.
  if (message.claim) return { kind: 'abandoned', policy: account.lanes[message.lane].unknownOutcome, at: claim.at };
  if (message.expiresAt <= claim.at && !hasBegun(message)) return { kind: 'expired', at: claim.at };
  if (message.status === 'scheduled') return { kind: 'released', at: claim.at };
  return { kind: 'claimed', ...claim };
}

function secondsUntil(time: number | undefined, now: number): number {
  return time === undefined ? 0 : Math.max(0, Math.ceil((time - now) / 1000));
}

/** Whether some of it may have arrived, so that the rest should follow whatever happens. */
function hasBegun(message: Message): boolean {
  return message.segments.some(mayHaveArrived);
}

function isSame(stored: Claim | undefined, asked: Claim): boolean {
  return stored?.owner === asked.owner && stored.fence === asked.fence && stored.at === asked.at;
}

/** A claim marks one segment, the first that waited. */
function submittingIndex(message: Message): number {
  return message.segments.findIndex(({ state }) => state === 'submitting');
}
