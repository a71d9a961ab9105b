import { METRIC_NAMESPACE } from '../config/binder-metrics.ts';

export interface EmbeddedMetric {
  name: string;
  unit: 'Count' | 'Milliseconds' | 'Percent';
  /** Several where each one counts for percentiles: CloudWatch takes a hundred from a line. */
  value: number | readonly number[];
}

export interface MetricsLine {
  program: string;
  /** Epoch milliseconds. */
  at: number;
  /** Values by the name of the dimension. */
  dimensions: Readonly<Record<string, string>>;
  metrics: readonly EmbeddedMetric[];
}

/** Most values of one metric in a line. */
export const MOST_VALUES = 100;

/** One line in CloudWatch's embedded metric format: written to the log, it becomes metrics without a call of any API. */
export function embeddedLine({ program, at, dimensions, metrics }: MetricsLine): string {
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    message: 'metrics',
    program,
    ...dimensions,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  });
}
