import * as z from 'zod';
import { type Account, accountSchema } from '../../shared/config/account.ts';
import { alarmsSchema } from './alarms-schema.ts';
import { apiSchema } from './api-schema.ts';
import { callbackHostsSchema } from './callback-hosts.ts';
import { encryptionSchema, retentionSchema } from './keeping-schema.ts';
import { vpcSchema } from './network-schema.ts';
import { inOneRegion } from './one-region.ts';
import { tagsSchema } from './tags-schema.ts';

/** Memory in MiB that Fargate offers with each CPU size; the smallest serves hundreds of segments a second. */
const FARGATE_MEMORY_MIB: Record<number, readonly number[]> = {
  256: [512, 1024, 2048],
  512: [1024, 2048, 3072, 4096],
  1024: [2048, 3072, 4096, 5120, 6144, 7168, 8192],
};

/** Name of the account that serves test keys in every deployment. */
export const TEST_ACCOUNT = 'test';

function hasHostAndPortOnly(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return true; // already reported as no address at all
  const rest = `${url.username}${url.password}${url.search}${url.hash}${url.pathname.replace('/', '')}`;
  return url.hostname !== '' && url.port !== '' && rest === '';
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** The firewall needs the port, and credentials belong in the secret: an operator's address is host and port, nothing else. */
const operatorUrlSchema = accountSchema.shape.url
  .refine(hasHostAndPortOnly, 'host and port and nothing else, such as smpp://host:2775')
  .refine((address) => !address.includes('['), 'a name or an IPv4 address: the binder gets out by IPv4 only');

/** An account as a deployment may have it: what its programs accept, and what only shows when it is deployed. */
export const deployedAccountSchema = accountSchema
  .omit({ simulated: true })
  .extend({
    name: accountSchema.shape.name.refine((name) => name !== TEST_ACCOUNT, `"${TEST_ACCOUNT}" serves test keys`),
    url: operatorUrlSchema,
    timeZone: accountSchema.shape.timeZone.refine(isTimeZone, 'a time zone of the IANA database, such as Asia/Manila'),
  })
  .check((context) => {
    const { tls, url } = context.value;
    if (tls === undefined || url.startsWith('smpps:')) return;
    // It would look secured and be sent in the clear.
    const message = 'needs an address that begins with smpps://';
    context.issues.push({ code: 'custom', path: ['tls'], message, input: undefined });
  });

const binderSchema = z
  .strictObject({
    /** CPU units; 1024 are one virtual CPU. */
    cpu: z.literal([256, 512, 1024]).default(256),
    memoryMiB: z.int().default(512),
    /** Tasks. One is enough for any number of messages that one session carries; more shorten a failover. */
    count: z.int().min(1).max(10).default(1),
    /** Seconds between two lines of metrics; CloudWatch shows no less than a minute. */
    metricsIntervalSeconds: z.int().min(1).max(3_600).default(60),
  })
  .check((context) => {
    const allowed = FARGATE_MEMORY_MIB[context.value.cpu] ?? [];
    if (allowed.includes(context.value.memoryMiB)) return;
    const message = `with cpu ${context.value.cpu} one of ${allowed.join(', ')}`;
    context.issues.push({ code: 'custom', path: ['memoryMiB'], message, input: undefined });
  });

/** A deployment without its accounts, which their profiles complete first. */
export const deploymentSchema = z
  .strictObject({
    /** Name of the deployment; the stack is `bindery-<stage>`. No dash, so that names of two stages can never run into each other. */
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,15}$/, 'lower-case letters and digits, at most 16, a letter first')
      .default('prod'),
    accounts: z.array(z.looseObject({})).min(1),
    /** Where it is deployed; without it, wherever the credentials of the moment lead. */
    aws: z
      .strictObject({
        account: z.string().regex(/^\d{12}$/, 'the 12 digits of an AWS account, as text'),
        region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as ap-southeast-1'),
      })
      .optional(),
    /** Replaces the address of every account: a trial against a message centre of one's own. */
    operatorUrl: operatorUrlSchema.optional(),
    /** Whether test keys can be made; their messages go to a message centre in the binder, never to an operator. */
    testMode: z.boolean().default(true),
    /** Requests that one API key may make in a second; each is counted in one item of a table, which takes 1,000 writes. */
    apiRequestsPerSecond: z.int().min(1).max(900).default(500),
    api: apiSchema.prefault({}),
    retention: retentionSchema.prefault({}),
    encryption: encryptionSchema.default({ kind: 'aws' }),
    vpc: vpcSchema.prefault({ kind: 'public' }),
    binder: binderSchema.prefault({}),
    /** A stage for trials: when its stack is deleted everything goes with it, and nothing protects the stack. */
    disposable: z.boolean().default(false),
    /** Dangerous changes that are meant, word for word as the refusal of `npm run synth` names them. */
    accepted: z.array(z.string()).default([]),
    alarms: alarmsSchema.prefault({}),
    /** Of the stack and everything in it, the binder's tasks included: whose it is and who pays. */
    tags: tagsSchema.default({}),
    logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    /** `source` of published events. EventBridge reserves names that begin with `aws.`. */
    eventSource: z
      .string()
      .regex(/^(?!aws\.)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a reverse domain name of your own, such as com.example.sms')
      .default('dev.bindery'),
    /** Hosts to which the status of a single message may be posted; none, and `status_callback_url` is refused. */
    callbackHosts: callbackHostsSchema.default([]),
    /** Whether each event of a message is published a second time, in the shape that AWS End User Messaging gives its own. */
    endUserMessagingEvents: z.boolean().default(false),
    /** Only on one machine: webhooks may then go to loopback addresses and plain http. */
    webhookLoopback: z.boolean().default(false),
    /** How many times faster than usual webhooks are tried again, slowed down and disabled: a day of it can be watched. */
    webhookTimeFactor: z.number().min(1).max(100_000).default(1),
  })
  .check(inOneRegion);

export type DeployedAccount = z.output<typeof deployedAccountSchema>;
export interface Configuration extends Omit<z.output<typeof deploymentSchema>, 'accounts'> {
  /** At operators. */
  accounts: DeployedAccount[];
  /** `accounts`, and behind them the one that serves test keys. */
  servedAccounts: Account[];
}
