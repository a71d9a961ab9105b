import { FUNCTION_METRICS, type FunctionMetricName } from '../config/function-metrics.ts';
import type { EmbeddedMetric } from './embedded-format.ts';

/** A metric of the functions' table, with its unit. */
export function functionMetric(name: FunctionMetricName, value: EmbeddedMetric['value']): EmbeddedMetric {
  return { name, unit: FUNCTION_METRICS[name].unit, value };
}
