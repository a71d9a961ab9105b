import { type AdminKeyDependencies, installAdminKey } from './admin-key.ts';
import { type CongestionDependencies, type WatchedAccount, watchLanes } from './lane-congestion.ts';
import { type SweepDependencies, type SweptAccount, sweepAccount } from './sweep-account.ts';
import { type SweepInboundDependencies, type SweptInbound, sweepInbound } from './sweep-inbound.ts';

export interface SweepRunDependencies
  extends SweepDependencies,
    SweepInboundDependencies,
    CongestionDependencies,
    AdminKeyDependencies {
  accounts: readonly (SweptAccount & SweptInbound & WatchedAccount)[];
  /** How much of the operator's package an account has used, as a metric. */
  tellQuota: (account: SweptAccount) => Promise<void>;
}

/** A run ends before the next one starts, a minute later. */
const RUN_MS = 40_000;

/** Runs each minute. One part that fails keeps no other from its work; at the end the run fails with it, so that it is seen. */
export function sweepHandler(dependencies: SweepRunDependencies): () => Promise<void> {
  const { accounts, tellQuota, log, now } = dependencies;
  return async () => {
    const until = now() + RUN_MS;
    const parts = await Promise.allSettled([
      installAdminKey(dependencies),
      ...accounts.map(async (account) => void (await sweepAccount(account, until, dependencies))),
      ...accounts.map(async (account) => await sweepInbound(account, until, dependencies)),
      ...accounts.map(tellQuota),
      ...accounts.map(async (account) => await watchLanes(account, dependencies)),
    ]);
    const errors = parts.flatMap((part) => (part.status === 'rejected' ? [part.reason as unknown] : []));
    for (const error of errors) log.error('part of the sweep failed', { error });
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} parts of the sweep failed`);
  };
}
