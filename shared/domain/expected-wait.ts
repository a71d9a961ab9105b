import type { Lane } from '../config/account.ts';
import { type AccountLoad, drainSeconds, outageSeconds, type Rate } from './drain.ts';
import type { Message } from './message.ts';

/**
 * How long a message still waits, seconds, undefined where that is not known or it does not wait. Behind it the lane may have
 * filled up since, so what its sender was told counts; but nothing waits for longer than its whole lane, and what is late
 * already may be anywhere in it.
 */
export function expectedWaitSeconds(
  { status, lane, expectedAt }: Pick<Message, 'status' | 'expectedAt'> & { lane: Lane },
  { load, rate, now }: { load: AccountLoad; rate: Rate; now: number },
): number | undefined {
  if (status !== 'queued') return undefined;
  const atMost = drainSeconds(lane, load, rate) + outageSeconds(load.report, now);
  const left = expectedAt === undefined ? atMost : (expectedAt - now) / 1000;
  return Math.round(left > 0 ? Math.min(left, atMost) : atMost);
}
