import { type Assembly, assemblyOf, filledUp, joined } from '../../shared/domain/inbound-assembly.ts';
import type { InboundPart } from '../../shared/domain/inbound-message.ts';
import type { InboundStore } from '../../shared/store/inbound.ts';

export interface JoinDependencies {
  inbound: Pick<InboundStore, 'parts' | 'end' | 'markJoined' | 'putWaiting' | 'deleteWaiting'>;
  /** Epoch milliseconds. */
  now: () => number;
}

/** How long a binder may take to store what it received, for then the last part in time may still show up. Milliseconds. */
export const STORING_MS = 30_000;
/** Announced, ended by somebody else with other parts, begun anew: more than that has no reason. */
const MOST_LOOKS = 8;

type Look = Pick<InboundPart, 'account' | 'from' | 'partId' | 'at'>;

/**
 * Makes a message of a part and of those that belong to it, when all are there or their time is over; else says that it
 * waits. Whoever looks, however often and at the same time as others, finds the same message: it has the id of its first
 * part, its row is written once, and only then do its parts say that they stand in it.
 * @param withinMs how long after its first part the others may come, milliseconds
 */
export async function joinInbound(part: Look, withinMs: number, { inbound, now }: JoinDependencies): Promise<void> {
  const { account, partId } = part;
  let announced: string | undefined;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const parts = await inbound.parts(part, part.at - 2 * withinMs);
    const assembly = assemblyOf(partId, parts, withinMs);
    if (assembly === undefined) {
      if (announced !== undefined) await inbound.deleteWaiting(account, announced);
      return;
    }
    const [first] = assembly;
    const isOver = now() >= first.at + withinMs + STORING_MS;
    if (assembly.length === first.total || isOver) {
      if (await end(filledUp(assembly, parts, withinMs), partId, inbound)) return;
      announced = first.partId;
    } else if (announced === first.partId) {
      return;
    } else {
      // What came in between did not see it announced: hence the second look.
      await announce(assembly, announced, inbound);
      announced = first.partId;
    }
  }
  throw new Error(`the parts around ${partId} do not settle`);
}

async function announce(
  assembly: Assembly,
  announced: string | undefined,
  inbound: JoinDependencies['inbound'],
): Promise<void> {
  const [{ partId: messageId, account, from, to, test, total, at }, ...more] = assembly;
  const received = assembly.length;
  await inbound.putWaiting({ kind: 'inbound_waiting', messageId, account, from, to, test, received, total, at });
  // The first part may be stored after another one, under whose name it waited until now.
  const names = new Set([...more.map(({ partId }) => partId), ...(announced === undefined ? [] : [announced])]);
  await Promise.all([...names].map(async (name) => await inbound.deleteWaiting(account, name)));
}

/** Parts are marked last: until then whoever looks comes here again. @returns whether `partId` stands in what is written */
async function end(assembly: Assembly, partId: string, inbound: JoinDependencies['inbound']): Promise<boolean> {
  const ended = await inbound.end(joined(assembly));
  if (ended === undefined) return false;
  const { account, messageId, parts } = ended;
  const written = new Set(parts.map((part) => part.partId));
  await Promise.all(assembly.map(async (part) => await inbound.deleteWaiting(account, part.partId)));
  const standing = assembly.filter((part) => written.has(part.partId));
  await Promise.all(standing.map(async (part) => await inbound.markJoined(part, messageId)));
  return written.has(partId);
}
