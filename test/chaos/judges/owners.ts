import type { Evidence, Finding } from '../evidence.ts';

interface BoundSession {
  link: number;
  owner: number | undefined;
  fromMs: number;
  /** Until it unbound or closed, or until the operator stopped reading it: after that nobody knows. */
  toMs: number;
}

/** Two owners never have a session bound at the same time (promise P3). */
export function judgeOwners(evidence: Pick<Evidence, 'operatorEvents' | 'owners' | 'deafSinceMs'>): Finding {
  const sessions = boundSessions(evidence);
  const overlaps = sessions.flatMap((one, index) =>
    sessions.slice(index + 1).flatMap((other) => {
      const togetherMs = Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs);
      return one.owner !== other.owner && togetherMs > 0 ? [{ one, other, togetherMs }] : [];
    }),
  );
  const owners = sessions.map(({ owner }) => owner);
  const handOvers = owners.filter((owner, index) => index > 0 && owner !== owners[index - 1]).length;
  return {
    rows: [
      ['sessions bound', sessions.length],
      ['  hand-overs between binders', handOvers],
      ['two owners bound at once', overlaps.length],
    ],
    broken: overlaps.map(
      ({ one, other, togetherMs }) =>
        `tasks ${one.owner} and ${other.owner} were bound at once for ${togetherMs.toFixed(0)} ms (connections ${one.link} and ${other.link})`,
    ),
  };
}

function boundSessions({
  operatorEvents,
  owners,
  deafSinceMs,
}: Pick<Evidence, 'operatorEvents' | 'owners' | 'deafSinceMs'>): BoundSession[] {
  const sessions = new Map<number, BoundSession>();
  for (const event of operatorEvents) {
    const { link, atMs } = event;
    if (event.kind === 'bind_answered' && event.status === 0) {
      const toMs = deafSinceMs.get(link) ?? Number.POSITIVE_INFINITY;
      sessions.set(link, { link, owner: owners.get(link), fromMs: atMs, toMs });
    }
    const session = sessions.get(link);
    if ((event.kind === 'unbound' || event.kind === 'closed') && session !== undefined) {
      session.toMs = Math.min(session.toMs, atMs);
    }
  }
  return [...sessions.values()];
}
