/** Which account is whose, as one process sees it. */
export interface ShareView {
  me: string;
  /** Processes that give signs of life and are not stopping; this one is always among them. */
  live: ReadonlySet<string>;
  /** Owner of every account, by its name; undefined where nobody has it, or nobody that is known. */
  owners: ReadonlyMap<string, string | undefined>;
}

export interface ShareTimes {
  /** A process that lacks some of its even share leaves a free account this long to one that has fewer. */
  othersFirstMs: number;
  /** An account that nobody took in this time is taken above the share too: better too many than one without owner. */
  orphanMs: number;
  /** Nothing is handed over before the processes have been the same for this long: a deploy is over sooner. */
  membersMs: number;
  /** Nor before every account has had the same owner for this long: one hand-over at a time. */
  ownersMs: number;
}

export const SHARE_TIMES: ShareTimes = { othersFirstMs: 1_000, orphanMs: 3_000, membersMs: 60_000, ownersMs: 15_000 };

/** How long this process leaves a free account to others before it takes it, milliseconds. */
export function leaveToOthersMs(view: ShareView, times: ShareTimes): number {
  const mine = load(view, view.me);
  const even = view.owners.size / view.live.size;
  if (mine < even && mine <= leastLoad(view)) return 0;
  return mine + 1 <= even ? times.othersFirstMs : times.orphanMs;
}

export interface Stability {
  membersForMs: number;
  ownersForMs: number;
  /** Handed over by this process since the processes changed: one that came back, for nobody else took it, stays. */
  handedOver: ReadonlySet<string>;
}

/**
 * The account that this process is to hand over now, if any. Only the process with the most gives, the first by name where
 * several have as many, and only to one that has two fewer: so each hand-over evens the shares, and none is ever undone.
 */
export function accountToHandOver(view: ShareView, stability: Stability, times: ShareTimes): string | undefined {
  if (stability.membersForMs < times.membersMs || stability.ownersForMs < times.ownersMs) return undefined;
  const inOrder = [...view.owners.values()].every((owner) => owner !== undefined && view.live.has(owner));
  if (!inOrder || giver(view) !== view.me || load(view, view.me) - leastLoad(view) < 2) return undefined;
  const mine = [...view.owners].filter(([account, owner]) => owner === view.me && !stability.handedOver.has(account));
  return mine.at(-1)?.[0];
}

function load({ owners }: ShareView, process: string): number {
  return [...owners.values()].filter((owner) => owner === process).length;
}

function leastLoad(view: ShareView): number {
  return Math.min(...[...view.live].map((process) => load(view, process)));
}

function giver(view: ShareView): string | undefined {
  const loads = [...view.live].map((process) => ({ process, accounts: load(view, process) }));
  loads.sort((a, b) => b.accounts - a.accounts || (a.process < b.process ? -1 : 1));
  return loads[0]?.process;
}
