import * as z from 'zod';
import { accountSchema, type Lane } from './account.ts';

/** A JSON document in an environment variable, parsed and then checked by `schema`. */
function json<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'is not JSON', input: undefined });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

const name = z.string().min(1);
const days = z.coerce.number().pipe(z.int().min(1).max(3_650));

/** What the API needs to know of an account; the rest stays with the binder. Small, because a Lambda's whole environment may have 4 KB. */
export const apiAccountSchema = accountSchema.pick({
  name: true,
  simulated: true,
  maxSegments: true,
  messageIds: true,
  lanes: true,
  segmentsPerSecond: true,
  bulkShare: true,
  segmentsPerDay: true,
  segmentsPerMonth: true,
  quotaWarningPercent: true,
  timeZone: true,
  smartEncoding: true,
  forbiddenWords: true,
  links: true,
  inboundPartsSeconds: true,
});
export type ApiAccount = z.output<typeof apiAccountSchema>;

/** What is needed of an account where receipts and inbound messages are worked on. */
export const receiptAccountSchema = accountSchema.pick({
  name: true,
  messageIds: true,
  inboundPartsSeconds: true,
  keywords: true,
});
export type ReceiptAccount = z.output<typeof receiptAccountSchema>;

/**
 * Every environment variable of every program, by name. A program's own schema picks from here, and a test compares each
 * program's schema with the environment that the synthesized template gives it.
 */
export const variables = {
  /** Name of the deployment, e.g. `prod`; stands in events and logs. */
  STAGE: name,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  MESSAGES_TABLE: name,
  RECEIPTS_TABLE: name,
  CONTROL_TABLE: name,
  /** Queue URL of a lane with the places `{account}` and `{lane}` left open: one short variable for any number of queues. */
  LANE_QUEUE_URL: z
    .string()
    .refine((url) => url.includes('{account}') && url.includes('{lane}'), 'lacks {account} or {lane}'),
  WEBHOOK_QUEUE_URL: name,
  /** Where a function that reads streams parks the records that it can do nothing with. */
  PARKED_QUEUE_URL: name,
  /** Queue of steps by which batches are fed to their lanes. */
  FEED_QUEUE_URL: name,
  /** Requests that one API key may make in a second. */
  API_REQUESTS_PER_SECOND: z.coerce.number().pipe(z.int().min(1).max(900)),
  /** Days that a message is kept after its creation. */
  MESSAGE_RETENTION_DAYS: days.default(90),
  /** Days that a raw receipt and an inbound message are kept; a submitted segment is kept as long as its receipt may come. */
  RECEIPT_RETENTION_DAYS: days.default(14),
  EVENT_BUS: name,
  /** `source` of published events, reverse-DNS. */
  EVENT_SOURCE: name,
  /** Whether events of messages are also published in the shape of AWS End User Messaging. */
  END_USER_MESSAGING: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** Secret that holds the admin API key made at deploy time. */
  ADMIN_KEY_SECRET: name,
  /** Accounts as the API sees them; the first is the default. */
  API_ACCOUNTS: json(z.array(apiAccountSchema).min(1)),
  /** Accounts as whoever works on receipts and inbound messages sees them. */
  RECEIPT_ACCOUNTS: json(z.array(receiptAccountSchema).min(1)),
  /** Accounts as the binder sees them: everything. */
  BINDER_ACCOUNTS: json(z.array(accountSchema).min(1)),
  /** ARN of each account's credentials secret, by account name. */
  ACCOUNT_SECRETS: json(z.record(z.string(), name)),
  /** Port of the binder's health page on the container's own loopback; nothing outside reaches it. */
  HEALTH_PORT: z.coerce.number().pipe(z.int().min(0).max(65_535)),
  /** Seconds between two lines of the binder's metrics. */
  METRICS_INTERVAL_SECONDS: z.coerce.number().pipe(z.int().min(1).max(3_600)).default(60),
  /** How many times faster than usual webhooks are tried again, slowed down and disabled; for tests. */
  WEBHOOK_TIME_FACTOR: z.coerce.number().pipe(z.number().min(1).max(100_000)).default(1),
  /** Where the status of single messages may be posted to: names, exact or `*.example.com`. */
  CALLBACK_HOSTS: json(z.array(name)),
  /** `true` only on one machine: webhooks may then go to loopback and plain http. */
  WEBHOOK_LOOPBACK: z.enum(['true', 'false']).transform((text) => text === 'true'),
} as const satisfies Record<string, z.ZodType>;

/** A program was started with a wrong environment. The message names every problem and prints no value. */
export class ConfigurationError extends Error {
  readonly code = 'configuration_invalid';
}

/** Lines that name each problem of a failed parse, without its value: configuration may hold secrets. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.length > 0 ? issue.path.join('.') : '(all)'}: ${issue.message}`);
}

/**
 * Parses a program's environment once, at start.
 * @throws ConfigurationError naming all problems at once.
 */
export function readEnvironment<T extends z.ZodObject>(
  schema: T,
  environment: Record<string, string | undefined>,
): z.output<T> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  throw new ConfigurationError(
    `configuration is invalid:\n${describeIssues(result.error)
      .map((line) => `  - ${line}`)
      .join('\n')}`,
  );
}

/** The URL of one lane's queue. */
export function laneQueueUrl(pattern: string, account: string, lane: Lane): string {
  return pattern.replace('{account}', account).replace('{lane}', lane);
}
