/**
 * List prices in US dollars, on demand, without free tiers and discounts. Other regions differ by up to a half: they are here to
 * show where money goes, not to foretell a bill.
 */
export const PRICES = {
  region: 'us-east-1',
  /** When these were the public prices. */
  asOf: '2025-11',
  /** HTTP API, the first 300 million requests of a month; metered in 512 KB. */
  apiRequest: 1.0 / 1e6,
  functionRequest: 0.2 / 1e6,
  /** On Arm. */
  functionGbSecond: 0.000_013_333_4,
  /** A million requests of up to 64 KB; a batch is one. */
  queueRequest: 0.4 / 1e6,
  /** On demand; a unit is 1 KB written, and indexes count by themselves. */
  tableWriteUnit: 0.625 / 1e6,
  /** On demand; a unit is 4 KB read consistently, 8 KB else. */
  tableReadUnit: 0.125 / 1e6,
  /** Fargate on Arm. */
  taskVcpuHour: 0.032_38,
  taskGbHour: 0.003_56,
  publicAddressHour: 0.005,
  natGatewayHour: 0.045,
  alarmMonth: 0.1,
  /** For the hours of a month in which it is told. */
  metricMonth: 0.3,
  logGbIngested: 0.5,
  dashboardMonth: 3,
} as const;
