import type { Log } from '../../shared/log/log.ts';
import type { InboundStore } from '../../shared/store/inbound.ts';
import { type JoinDependencies, joinInbound, STORING_MS } from '../middleware/join-inbound.ts';

export interface SweepInboundDependencies extends JoinDependencies {
  inbound: JoinDependencies['inbound'] & Pick<InboundStore, 'waitingSince'>;
  log: Log;
}

/** An account, and how long after its first part the others of a long inbound message may come. */
export interface SweptInbound {
  name: string;
  inboundPartsSeconds: number;
}

/** What one run does for an account at most; the next run goes on. */
const MOST_MESSAGES = 200;
const CONCURRENT = 10;

/** Ends the messages whose missing parts did not come in time: what came of them is given as it is. */
export async function sweepInbound(
  { name, inboundPartsSeconds }: SweptInbound,
  until: number,
  dependencies: SweepInboundDependencies,
): Promise<void> {
  const { inbound, now, log } = dependencies;
  const withinMs = inboundPartsSeconds * 1000;
  const overdue = await inbound.waitingSince(name, now() - withinMs - STORING_MS, MOST_MESSAGES);
  const left = overdue.values();
  let failed = 0;
  const worker = async () => {
    for (const { account, from, messageId, at } of left) {
      if (now() > until) return;
      try {
        await joinInbound({ account, from, partId: messageId, at }, withinMs, dependencies);
        // Ended by now, be it under the name of a part that came before this one.
        await inbound.deleteWaiting(account, messageId);
      } catch (error) {
        failed += 1;
        log.error('inbound message not swept', { message_id: messageId, error });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  if (overdue.length > 0)
    log.info('inbound messages without all their parts', { account: name, ended: overdue.length, failed });
}
