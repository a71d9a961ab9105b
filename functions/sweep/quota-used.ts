import { periodOf } from '../../shared/domain/period.ts';
import { embeddedLine } from '../../shared/metrics/embedded-format.ts';
import { functionMetric } from '../../shared/metrics/function-lines.ts';
import type { UsageStore } from '../../shared/store/control-usage.ts';
import type { SweptAccount } from './sweep-account.ts';

export interface QuotaDependencies {
  usage: Pick<UsageStore, 'read'>;
  stage: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Gets each line without its newline. */
  write: (line: string) => void;
}

/** Tells of an account how much of its operator's package is used. One without a limit costs nothing. */
export function quotaTeller({ usage, stage, now, write }: QuotaDependencies): (account: SweptAccount) => Promise<void> {
  return async ({ name, timeZone, segmentsPerDay = Infinity, segmentsPerMonth = Infinity }) => {
    if (Math.min(segmentsPerDay, segmentsPerMonth) === Infinity) return;
    const at = now();
    const { day, month } = await usage.read({ account: name }, periodOf(at, timeZone));
    const used = Math.round(100 * Math.max(day / segmentsPerDay, month / segmentsPerMonth));
    const metrics = [functionMetric('QuotaUsed', used)];
    write(embeddedLine({ program: 'sweep', at, dimensions: { Stage: stage, Account: name }, metrics }));
  };
}
