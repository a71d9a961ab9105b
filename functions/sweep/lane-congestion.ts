import { LANES, type Lane } from '../../shared/config/account.ts';
import type { LaneEvent } from '../../shared/domain/account-event.ts';
import {
  type AccountLoad,
  drainSeconds,
  FULL_AT_SECONDS,
  outageSeconds,
  type Rate,
} from '../../shared/domain/drain.ts';
import type { HistoryStore } from '../../shared/store/control-histories.ts';
import type { LoadWatch } from '../middleware/load-watch.ts';

export interface CongestionDependencies {
  loads: Pick<LoadWatch, 'load'>;
  histories: Pick<HistoryStore, 'append'>;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface WatchedAccount extends Rate {
  name: string;
  lanes: Readonly<Record<Lane, { fullAtSeconds?: number | undefined; congestedAtSeconds?: number | undefined }>>;
}

/** A lane is cleared below this share of what it was congested at, so that one on the edge does not go to and fro. */
const CLEARED_SHARE = 0.5;
/** A lane without a threshold of its own is congested at this share of what it is full at. */
const USUAL_SHARE = 0.25;

/** Tells of lanes in which messages wait for too long, and again when they do not. What nobody has measured lately changes nothing. */
export async function watchLanes(account: WatchedAccount, dependencies: CongestionDependencies): Promise<void> {
  const load = await dependencies.loads.load(account.name);
  if (load === undefined) return;
  await Promise.all(LANES.map(async (lane) => await watchLane({ account, lane, load }, dependencies)));
}

async function watchLane(
  { account, lane, load }: { account: WatchedAccount; lane: Lane; load: AccountLoad },
  { histories, now }: CongestionDependencies,
): Promise<void> {
  const { fullAtSeconds = FULL_AT_SECONDS[lane], congestedAtSeconds } = account.lanes[lane];
  const thresholdSeconds = congestedAtSeconds ?? Math.ceil(fullAtSeconds * USUAL_SHARE);
  const at = now();
  const waitingMessages = load.messages[lane];
  // An outage while nothing waits is the session's to tell.
  const waitSeconds = waitingMessages === 0 ? 0 : drainSeconds(lane, load, account) + outageSeconds(load.report, at);
  await histories.append<LaneEvent>({ account: account.name, subject: `lane_${lane}` }, (stored) => {
    const isCongested = stored?.entries.at(-1)?.type === 'lane.congested';
    const type = changeOf(isCongested, { waitSeconds, thresholdSeconds });
    if (type === undefined) return [];
    return [{ type, at, lane, waitSeconds: Math.round(waitSeconds), thresholdSeconds, waitingMessages }];
  });
}

function changeOf(
  isCongested: boolean,
  { waitSeconds, thresholdSeconds }: { waitSeconds: number; thresholdSeconds: number },
): LaneEvent['type'] | undefined {
  if (isCongested) return waitSeconds < thresholdSeconds * CLEARED_SHARE ? 'lane.cleared' : undefined;
  return waitSeconds > thresholdSeconds ? 'lane.congested' : undefined;
}
