import type { MetricKey } from './metric-store.ts';

interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string }[];
}

export interface ToldMetric {
  key: MetricKey;
  /** Epoch milliseconds. */
  at: number;
  values: number[];
}

/** The metrics that CloudWatch takes from a line of a log: those in its embedded metric format; of any other line none. */
export function metricsIn(line: string): ToldMetric[] {
  if (!line.startsWith('{"_aws":')) return [];
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return [];
  }
  const { Timestamp: at, CloudWatchMetrics: directives } = fields['_aws'] as {
    Timestamp: number;
    CloudWatchMetrics: Directive[];
  };
  return directives.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]));
      return Metrics.map(({ Name: name }) => ({
        key: { namespace, name, dimensions },
        at,
        values: [fields[name]].flat().map(Number),
      }));
    }),
  );
}
