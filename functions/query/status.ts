import type * as z from 'zod';
import { LANES } from '../../shared/config/account.ts';
import type { ApiAccount } from '../../shared/config/environment.ts';
import { type accountStatusListSchema, presentStatus } from '../../shared/contracts/account-status.ts';
import { type laneListSchema, presentLane } from '../../shared/contracts/lane-status.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { accountsInReach } from '../../shared/domain/reach.ts';
import type { ReportStore } from '../../shared/store/control-reports.ts';
import type { LoadWatch } from '../middleware/load-watch.ts';

export interface StatusDependencies {
  loads: Pick<LoadWatch, 'load'>;
  reports: Pick<ReportStore, 'read'>;
  accounts: readonly ApiAccount[];
  /** Epoch milliseconds. */
  now: () => number;
}

/** `GET /v1/lanes` */
export async function listLanes(
  caller: ApiKey,
  { loads, accounts, now }: StatusDependencies,
): Promise<z.output<typeof laneListSchema>> {
  const lanes = accountsInReach(caller, accounts).map(async (account) => {
    const load = await loads.load(account.name);
    return LANES.map((lane) => presentLane({ account, lane }, load, now()));
  });
  return { data: (await Promise.all(lanes)).flat(), has_more: false, next_cursor: null };
}

/** `GET /v1/status` */
export async function listStatus(
  caller: ApiKey,
  { reports, accounts, now }: StatusDependencies,
): Promise<z.output<typeof accountStatusListSchema>> {
  const statuses = accountsInReach(caller, accounts).map(async (account) =>
    presentStatus(account, await reports.read(account.name), now()),
  );
  return { data: await Promise.all(statuses), has_more: false, next_cursor: null };
}
