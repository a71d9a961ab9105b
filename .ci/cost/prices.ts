import { PRICES } from '../../cdk/monitoring/prices.ts';

/** List prices of a region in US dollars, on demand, without free tiers. Those of us-east-1 are the dashboard's too. */
export type RegionPrices = Readonly<
  Record<Exclude<keyof typeof PRICES, 'region' | 'asOf'> | keyof typeof FURTHER, number>
>;

/** What the dashboard does without; the same in both regions but for what `SINGAPORE` changes. */
const FURTHER = {
  /** Of an own bus, metered in 64 KB. */
  eventPublished: 1.0 / 1e6,
  secretMonth: 0.4,
  keyMonth: 1.0,
  /** Table and point-in-time recovery together. */
  tableGbMonth: 0.25 + 0.2,
  natGb: 0.045,
};

const SINGAPORE = {
  apiRequest: 1.25 / 1e6,
  tableWriteUnit: 0.711_55 / 1e6,
  tableReadUnit: 0.1425 / 1e6,
  taskVcpuHour: 0.040_45,
  taskGbHour: 0.004_42,
  natGatewayHour: 0.059,
  natGb: 0.059,
  logGbIngested: 0.7,
  tableGbMonth: 0.285 + 0.228,
};

const { region, asOf, ...prices } = PRICES;
export const AS_OF = asOf;
export const REGIONS: Readonly<Record<string, RegionPrices>> = {
  [region]: { ...prices, ...FURTHER },
  'ap-southeast-1': { ...prices, ...FURTHER, ...SINGAPORE },
};
