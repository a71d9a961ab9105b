import type { Message } from '../../shared/domain/message.ts';
import { type ClaimResult, claimMessage } from './claim.ts';
import type { Custody } from './custody.ts';
import type { QueuedItem } from './lane-queue.ts';
import { MessageInHand } from './message-in-hand.ts';
import type { OptOutCheck } from './opt-out-check.ts';
import { LASTING_RECEIVES, MOST_RECEIVES, type PoisonReason } from './poison.ts';
import type { SettleContext } from './settle.ts';
import { untilStored } from './until-stored.ts';
import { workFailed } from './work-failed.ts';

const NOT_OURS_SECONDS = 2;

export interface ClaimingOptions {
  settle: SettleContext;
  custody: Custody;
  optOut: OptOutCheck;
  /** Under which claims are made. */
  lease: { owner: string; fence: number };
  /** A message is claimed; its segment `index` goes to the wire next. */
  onClaimed: (inHand: MessageInHand, index: number) => void;
}

/** Makes a claimed message of a queue message, or sees to it that the queue message goes where it belongs. */
export class Claiming {
  readonly #options: ClaimingOptions;

  constructor(options: ClaimingOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async claim(item: QueuedItem): Promise<void> {
    const { settle, custody, optOut, lease } = this.#options;
    const { messageId, receives } = item;
    if (receives >= MOST_RECEIVES) return await this.#park(item, 'received_too_often');
    const request = {
      messageId,
      account: settle.account,
      optOut,
      claim: { ...lease, at: settle.wallClock() },
      holdSeconds: (message: Message) => settle.refusals.holdSeconds(message),
    };
    try {
      await this.#follow(item, await untilStored(() => claimMessage(settle.messages, request), settle));
    } catch (error) {
      await workFailed(item, error, { custody, log: settle.log });
    }
  }

  async #follow(item: QueuedItem, result: ClaimResult): Promise<void> {
    const { settle, custody, lease, onClaimed } = this.#options;
    switch (result.kind) {
      case 'claimed': {
        const claimed = { message: result.message, fence: lease.fence };
        return onClaimed(new MessageInHand(item, claimed, settle), result.index);
      }
      case 'done':
        return await custody.remove(item);
      case 'later':
        return await custody.giveBack(item, result.delaySeconds);
      case 'not_ours':
        this.#tell(item, result.reason);
        // Soon, for whoever has it now; not at once, for that may still be us.
        return await custody.giveBack(item, NOT_OURS_SECONDS);
      case 'poison':
        if (item.receives >= LASTING_RECEIVES) return await this.#park(item, result.reason);
        this.#tell(item, result.reason);
        custody.letGo(item);
    }
  }

  #tell({ messageId, lane }: QueuedItem, reason: string): void {
    this.#options.settle.log.warn('message not claimed', { messageId, lane, reason });
  }

  async #park(item: QueuedItem, reason: PoisonReason): Promise<void> {
    await this.#options.custody.park(item, { reason, detail: `received ${item.receives} times` });
  }
}
