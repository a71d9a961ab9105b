import { USUAL_PARTS_SECONDS } from '../../shared/config/keywords.ts';
import type { InboundMessage, InboundPart } from '../../shared/domain/inbound-message.ts';
import { type JoinDependencies, joinInbound } from '../middleware/join-inbound.ts';
import { type KeywordDependencies, obeyKeyword } from './keywords.ts';

/** What follows from what a subscriber sent. */
export interface InboundWork {
  /** A message is there, whole or given up. */
  message: (message: InboundMessage) => Promise<void>;
  part: (part: InboundPart) => Promise<void>;
}

export function inboundWork(dependencies: KeywordDependencies & JoinDependencies): InboundWork {
  return {
    message: async (message) => await obeyKeyword(message, dependencies),
    part: async (part) => {
      // Of an account that is not here any more as usual: its parts should not wait for ever.
      const seconds = dependencies.account(part.account)?.inboundPartsSeconds ?? USUAL_PARTS_SECONDS;
      await joinInbound(part, seconds * 1000, dependencies);
    },
  };
}
