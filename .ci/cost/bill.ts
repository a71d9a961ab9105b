import { BINDER_METRICS } from '../../shared/config/binder-metrics.ts';
import type { Counted, PerMessage } from './counted.ts';
import type { RegionPrices } from './prices.ts';

/** A line of a bill. */
export interface Item {
  what: string;
  /** How much of it, for people. */
  amount: string;
  dollars: number;
}

const MONTH_HOURS = 730;
const MONTH_SECONDS = MONTH_HOURS * 3_600;
const MILLION = 1e6;
const GB = 1e9;
/** Table and the two indexes that hold whole items. */
const COPIES = 3;
/** Of Lambda's own START, END and REPORT lines. */
const INVOCATION_LOG_OCTETS = 350;
/** Assumed of a warm function: milliseconds and MiB. */
const FUNCTIONS = { send: [25, 512], applyReceipts: [25, 256], publishEvents: [20, 256] } as const;
const MESSAGE_RETENTION_MONTHS = 3;
/** The shipped account, and the one of test keys. */
const ACCOUNTS = 2;
const METRICS_OF_ALL_TIME = ACCOUNTS * Object.values(BINDER_METRICS).filter(({ sparse }) => !sparse).length;
/** How often the binder reports of an account with which nothing happens (binder/report). */
const REPORT_SECONDS = 30;
/** Lambda polls a queue with five long polls of 20 s. */
const POLLS_PER_SECOND = 5 / 20;

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const gbSeconds = ([milliseconds, mib]: readonly [number, number]): number => (milliseconds / 1_000) * (mib / 1_024);

/** What a deployment costs in a month in which nothing is sent. */
export function monthlyFloor({ idleSecond, stack }: Counted, price: RegionPrices): Item[] {
  const polls = (idleSecond.queueRequests + stack.polledQueues * POLLS_PER_SECOND) * MONTH_SECONDS;
  const writes = (idleSecond.writeUnits + ACCOUNTS / REPORT_SECONDS) * MONTH_SECONDS;
  const reads = idleSecond.readUnits * MONTH_SECONDS;
  return [
    {
      what: 'Fargate: one task on Arm, 0.25 vCPU, 0.5 GB',
      amount: `${MONTH_HOURS} h`,
      dollars: MONTH_HOURS * (0.25 * price.taskVcpuHour + 0.5 * price.taskGbHour),
    },
    { what: 'its public IPv4 address', amount: `${MONTH_HOURS} h`, dollars: MONTH_HOURS * price.publicAddressHour },
    {
      what: 'metrics that are told all the time',
      amount: `${METRICS_OF_ALL_TIME}`,
      dollars: METRICS_OF_ALL_TIME * price.metricMonth,
    },
    { what: 'alarms', amount: `${stack.alarms}`, dollars: stack.alarms * price.alarmMonth },
    { what: 'dashboard', amount: `${stack.dashboards}`, dollars: stack.dashboards * price.dashboardMonth },
    {
      what: 'DynamoDB: leases and reports of the binder',
      amount: `${whole(writes)} write units, ${whole(reads)} read units`,
      dollars: writes * price.tableWriteUnit + reads * price.tableReadUnit,
    },
    {
      what: 'SQS: long polls of empty queues',
      amount: `${whole(polls)} requests`,
      dollars: polls * price.queueRequest,
    },
    { what: 'secrets', amount: `${stack.secrets}`, dollars: stack.secrets * price.secretMonth },
  ];
}

/** What a million messages cost on top, each by itself: a stream or a queue that carries more at a time makes it less. */
export function perMillion(counted: PerMessage, segments: number, price: RegionPrices): Item[] {
  const { writeUnits, readUnits } = counted;
  const receipts = 2 * segments;
  const invocations = 1 + receipts + counted.changes;
  const time =
    gbSeconds(FUNCTIONS.send) +
    receipts * gbSeconds(FUNCTIONS.applyReceipts) +
    counted.changes * gbSeconds(FUNCTIONS.publishEvents);
  const logGb = (counted.logOctets + invocations * INVOCATION_LOG_OCTETS) / GB;
  const storedGb = (counted.messageOctets * COPIES * MILLION) / GB;
  const million = (what: string, amount: string, dollars: number): Item => ({
    what,
    amount,
    dollars: dollars * MILLION,
  });
  return [
    million('API Gateway', '1 request', price.apiRequest),
    million(
      'Lambda',
      `${invocations.toFixed(1)} invocations, ${time.toFixed(3)} GB-s`,
      invocations * price.functionRequest + time * price.functionGbSecond,
    ),
    million('DynamoDB writes', `${writeUnits.toFixed(1)} units`, writeUnits * price.tableWriteUnit),
    million('DynamoDB reads', `${readUnits.toFixed(1)} units`, readUnits * price.tableReadUnit),
    million('SQS', `${counted.queueRequests.toFixed(1)} requests`, counted.queueRequests * price.queueRequest),
    million('EventBridge', `${counted.events.toFixed(1)} events`, counted.events * price.eventPublished),
    million('CloudWatch Logs', `${((logGb * GB) / 1_000).toFixed(1)} KB`, logGb * price.logGbIngested),
    {
      what: 'kept for 90 days, with recovery to any second',
      amount: `${((counted.messageOctets * COPIES) / 1_000).toFixed(1)} KB`,
      dollars: storedGb * MESSAGE_RETENTION_MONTHS * price.tableGbMonth,
    },
  ];
}

export function total(items: readonly Item[]): number {
  return items.reduce((sum, { dollars }) => sum + dollars, 0);
}
