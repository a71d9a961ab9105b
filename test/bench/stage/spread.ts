import { percentile } from '../../demo/summary.ts';

/** @throws RangeError where there are none */
export function quantile(values: readonly number[], share: number): number {
  const value = percentile(values, share);
  if (value === undefined) throw new RangeError('no values');
  return value;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
