import { BINDER_METRICS, METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../../shared/config/binder-metrics.ts';

export interface MetricsLine {
  stage: string;
  account: string;
  /** Epoch milliseconds. */
  at: number;
  values: ReadonlyMap<string, number>;
}

/**
 * One line in CloudWatch's embedded metric format: written to the log, it becomes metrics without a call of any API. Holds
 * what has a name in the table, without what the table leaves out; undefined where nothing is left.
 */
export function embeddedMetrics({ stage, account, at, values }: MetricsLine): string | undefined {
  const told = Object.entries(BINDER_METRICS).flatMap(([name, { unit, sparse }]) => {
    const value = values.get(name);
    return value === undefined || (sparse && value === 0) ? [] : [{ name, unit, value }];
  });
  if (told.length === 0) return undefined;
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [METRIC_DIMENSIONS],
          Metrics: told.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    message: 'metrics',
    program: 'binder',
    Stage: stage,
    Account: account,
    ...Object.fromEntries(told.map(({ name, value }) => [name, value])),
  });
}
