import type { ApiAccount } from '../../shared/config/environment.ts';
import type { MessageRequest } from '../../shared/contracts/message-request.ts';
import { laneOpensAt } from '../../shared/domain/delivery-window.ts';
import { MOST_AHEAD_MS } from '../../shared/domain/schedule.ts';

/** Clocks differ, and a request takes a while: so far back still means now. */
const STILL_NOW_MS = 60_000;

export type SendTime =
  /** `sendAt` only where the message must wait, epoch milliseconds. */
  { kind: 'ok'; sendAt?: number } | { kind: 'refused'; detail: string };

/** When a message is to go: as asked for, and in bulk not before the account's delivery window opens. */
export function sendTimeOf(
  { send_at, lane }: Pick<MessageRequest, 'send_at' | 'lane'>,
  account: ApiAccount,
  now: number,
): SendTime {
  if (send_at !== undefined && send_at < now - STILL_NOW_MS) return { kind: 'refused', detail: 'it lies in the past' };
  if (send_at !== undefined && send_at > now + MOST_AHEAD_MS) {
    return { kind: 'refused', detail: 'it is more than 35 days ahead' };
  }
  const sendAt = laneOpensAt(account, lane, Math.max(now, send_at ?? now));
  return sendAt > now ? { kind: 'ok', sendAt } : { kind: 'ok' };
}
