import { BINDER_METRICS } from '../../shared/config/binder-metrics.ts';
import { embeddedLine } from '../../shared/metrics/embedded-format.ts';

export interface AccountLine {
  stage: string;
  account: string;
  /** Epoch milliseconds. */
  at: number;
  values: ReadonlyMap<string, number>;
}

/**
 * An account's line in CloudWatch's embedded metric format. Holds what has a name in the table, without what the table
 * leaves out; undefined where nothing is left.
 */
export function embeddedMetrics({ stage, account, at, values }: AccountLine): string | undefined {
  const metrics = Object.entries(BINDER_METRICS).flatMap(([name, { unit, sparse }]) => {
    const value = values.get(name);
    return value === undefined || (sparse && value === 0) ? [] : [{ name, unit, value }];
  });
  if (metrics.length === 0) return undefined;
  return embeddedLine({ program: 'binder', at, dimensions: { Stage: stage, Account: account }, metrics });
}
