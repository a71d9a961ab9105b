import type { MessageError, ReceiptState } from './message.ts';

/**
 * Everything that can happen to a message after it was stored. `at` is epoch milliseconds, `index` counts segments from 0.
 * `fence` is of the claim under which an owner speaks of its own work: that counts for nothing once a newer claim holds.
 */
export type MessageChange = Change & { fence?: number };

type Change =
  /** A binder takes it; the first waiting segment goes to the wire next. */
  | { kind: 'claimed'; owner: string; fence: number; at: number }
  /** A further segment goes to the wire next. */
  | { kind: 'segment_submitting'; index: number; at: number }
  | { kind: 'segment_accepted'; index: number; mcMessageId?: string; at: number }
  /** Finally refused: no further try. Without `commandStatus` it was ourselves who could not send it. */
  | { kind: 'segment_refused'; index: number; commandStatus?: number; error: MessageError; at: number }
  /** Not accepted for sure: it waits again. `refused` where the message centre refused it for the time being, else it was never written. */
  | { kind: 'segment_not_accepted'; index: number; refused: boolean; at: number }
  /** Written and never answered. */
  | { kind: 'segment_unanswered'; index: number; policy: 'resend_once' | 'hold'; at: number }
  /** Its claim is dead (the binder crashed): what it left on the wire has an unknown outcome. */
  | { kind: 'abandoned'; policy: 'resend_once' | 'hold'; at: number }
  /** The binder gives it back; another may claim it. */
  | { kind: 'given_back'; at: number }
  /** A receipt that is not final: the operator's word on where the segment is. */
  | { kind: 'reported'; index: number; word: string; at: number }
  | {
      kind: 'receipt';
      index: number;
      mcMessageId: string;
      state: ReceiptState;
      stat?: string;
      err?: string;
      at: number;
    }
  /** Its time to live ended before it was handed over. */
  | { kind: 'expired'; at: number }
  | { kind: 'canceled'; at: number }
  /** Its time to be sent has come. */
  | { kind: 'released'; at: number }
  /** Its batch is paused: it must not be taken out of its lane until it is released again. */
  | { kind: 'held'; at: number }
  /** The sweep has put its id into the queue (once more) and looks at it later. */
  | { kind: 'requeued'; dueAt: number; at: number }
  /** Its recipient's data is to be deleted. */
  | { kind: 'erased'; at: number }
  | { kind: 'receipt_window_passed'; at: number }
  /** Nothing more can be done for it; the reason is in `error`. */
  | { kind: 'failed'; error: MessageError; at: number };
