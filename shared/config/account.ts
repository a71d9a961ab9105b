import * as z from 'zod';
import { minutesOf } from '../domain/delivery-window.ts';
import { keywordsSchema, USUAL_PARTS_SECONDS } from './keywords.ts';
import { certificatesSchema } from './pem.ts';
import { statusesSchema } from './statuses.ts';

/** The lanes of an account, most urgent first. The order is the order of service. */
export const LANES = ['otp', 'transactional', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** The longest life of a message. */
export const LONGEST_TTL_SECONDS = 3_024_000;

const milliseconds = z.int().min(1).max(3_600_000);

const tonNpi = z.strictObject({ ton: z.int().min(0).max(6), npi: z.int().min(0).max(18) });

/** Waits of one SMPP session, milliseconds. Defaults: docs of SMPP 3.4 section 7.2 leave the values to the ESME. */
const timersSchema = z.strictObject({
  connectMs: milliseconds.default(10_000),
  bindMs: milliseconds.default(10_000),
  /** Silence from the message centre (no inbound PDU of any kind) after which enquire_link is sent. */
  enquireLinkMs: milliseconds.default(30_000),
  enquireLinkAnswerMs: milliseconds.default(10_000),
  submitAnswerMs: milliseconds.default(60_000),
});

/** Of a connection to an address that begins with smpps. */
const tlsSchema = z.strictObject({
  /** Whether the message centre must prove who it is. Off, anyone on the way can read and change everything. */
  verify: z.boolean().default(true),
  /** Authorities in place of the system's list. */
  ca: certificatesSchema.optional(),
  /** The name in the certificate, where it is not the host's. */
  serverName: z.hostname().optional(),
});

/** What happens to a segment whose submit_sm was written and never answered (promise P5). */
const UNKNOWN_OUTCOME_POLICIES = ['resend_once', 'hold'] as const;

/**
 * How a message centre writes the id of a message in its answer and in its receipts.
 * - `exact`: the same, to the letter
 * - `same_number`: the same but for case, leading zeros and 0x
 * - `hexadecimal_answer`: hexadecimal in the answer, decimal in receipts
 * - `decimal_answer`: decimal in the answer, hexadecimal in receipts
 * - `match_any`: one of the last three; which one is learnt from receipts that leave no doubt
 */
const ID_MATCHINGS = ['exact', 'same_number', 'hexadecimal_answer', 'decimal_answer', 'match_any'] as const;

const laneSchema = z.strictObject({
  /** Life of a message whose sender gave no ttl_seconds. */
  defaultTtlSeconds: z.int().min(1).max(LONGEST_TTL_SECONDS),
  unknownOutcome: z.enum(UNKNOWN_OUTCOME_POLICIES),
  /** `lane.congested` is told when a message would wait for longer than this; a quarter of `fullAtSeconds` without it. */
  congestedAtSeconds: z.int().min(1).max(3_024_000).optional(),
  /** Refuses more when what waits takes longer than this; defaults in shared/domain/drain.ts. */
  fullAtSeconds: z.int().min(1).max(3_024_000).optional(),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 08:00');

/** Hours in which a lane's messages go out, by the clocks of the account's time zone; `until` may lie behind midnight. */
const deliveryWindowSchema = z
  .strictObject({ from: timeOfDay, until: timeOfDay })
  .refine(
    ({ from, until }) => (minutesOf(until) - minutesOf(from) + 1_440) % 1_440 >= 60,
    'from and until at least an hour apart',
  );

const bulkLaneSchema = laneSchema.extend({
  /** Outside of it nothing of the lane is sent; what is accepted then waits for the next opening. Absent means day and night. */
  deliveryWindow: deliveryWindowSchema.optional(),
});

const host = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'a host in small letters such as example.com');

/** Links in texts. Philippine operators block messages for them, so an account can refuse them before they are sent. */
const linksSchema = z.discriminatedUnion(
  'policy',
  [
    z.strictObject({ policy: z.literal('allow') }),
    /** These hosts and those under them; a shortener is a host like any other. */
    z.strictObject({ policy: z.literal('allow_hosts'), hosts: z.array(host).min(1).max(100) }),
    z.strictObject({ policy: z.literal('refuse') }),
  ],
  { error: 'policy must be one of "allow", "allow_hosts", "refuse"' },
);

/** What follows when the operator refuses the same thing again and again. */
const refusalsSchema = z
  .strictObject({
    /** So many refusals in a row of one sender id let its messages wait, and no others; then one goes as a probe. */
    senderInARow: z.int().min(1).max(1_000).default(5),
    /** The first wait; it doubles with every probe that is refused. */
    senderPauseSeconds: z.int().min(1).max(43_200).default(60),
    senderLongestPauseSeconds: z.int().min(1).max(43_200).default(3_600),
    /** So many refused numbers among the last 50 answers are an alarm. */
    numbersInFifty: z.int().min(1).max(50).default(20),
  })
  .prefault({});

/**
 * One set of operator credentials and everything that differs between operators. It is data: no program branches on an
 * account's name. The credentials themselves are in the secret store, never here.
 */
export const accountSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes, at most 31, a letter first'),
  /** Of the account that serves test keys: its message centre is the binder's own, at `url` on loopback, and no operator's. */
  simulated: z.literal(true).optional(),
  /** `smpp://host:port`, or `smpps://host:port` for TLS. */
  url: z.url({ protocol: /^smpps?$/, error: 'an address such as smpp://host:2775 or smpps://host:3550' }),
  tls: tlsSchema.optional(),
  bindType: z.enum(['transceiver', 'transmitter', 'receiver', 'transmitter+receiver']),
  /**
   * The operator gives out a system_id of more than 15 or a password of more than 8 characters, against SMPP 3.4. By default
   * that is refused before the bind, for most message centres cut such a password or drop the connection.
   */
  longCredentials: z.boolean().default(false),
  systemType: z.string().max(12).default(''),
  addressRange: z.string().max(40).default(''),
  /** The operator's limit of submit_sm PDUs in any 1.000 s, for the account as a whole. */
  segmentsPerSecond: z.int().min(1).max(1000),
  /** Most submit_sm that may be unanswered at a time (SMPP 3.4 section 2.5.2 suggests 10). */
  submitWindow: z.int().min(1).max(100).default(10),
  timers: timersSchema.prefault({}),
  source: z.strictObject({ alphanumeric: tonNpi, numeric: tonNpi }),
  /** `national`: 09xxxxxxxxx; `international`: 639xxxxxxxxx. */
  destination: tonNpi.extend({ format: z.enum(['national', 'international']) }),
  dataCoding: z.strictObject({ gsm7: z.int().min(0).max(255), ucs2: z.int().min(0).max(255) }),
  maxSegments: z.int().min(1).max(255).default(10),
  /** Of messages whose sender says nothing of it. `with_peso`: ₱ becomes PHP, besides quotes, dashes and the like. */
  smartEncoding: z.union([z.boolean(), z.literal('with_peso')]).default(false),
  /** Words that the operator allows in no sender id, in whatever case and however divided by `- . _`. */
  forbiddenWords: z
    .array(z.string().regex(/^[A-Za-z0-9._-]{2,11}$/))
    .max(100)
    .default([]),
  links: linksSchema.default({ policy: 'allow' }),
  validityPeriod: z.enum(['relative', 'absolute', 'none']),
  /** How message ids relate between submit_sm_resp and receipts; see {@link ID_MATCHINGS}. */
  messageIds: z.enum(ID_MATCHINGS).default('match_any'),
  /** What the operator means by a command_status, where he does not mean what the standard tables say. */
  statuses: statusesSchema.prefault({}),
  refusals: refusalsSchema,
  /** How long after its first part the others of a long inbound message may come; then what came is given. */
  inboundPartsSeconds: z.int().min(10).max(86_400).default(USUAL_PARTS_SECONDS),
  keywords: keywordsSchema,
  /** Limits of the operator's package, in segments; absent means unlimited. */
  segmentsPerDay: z.int().min(1).optional(),
  segmentsPerMonth: z.int().min(1).optional(),
  /** Share of a limit, an account's or a key's, from which on `quota.warning` is told, percent; 80 without it. */
  quotaWarningPercent: z.int().min(1).max(100).optional(),
  timeZone: z.string().default('Asia/Manila'),
  lanes: z.strictObject({ otp: laneSchema, transactional: laneSchema, bulk: bulkLaneSchema }),
  /** Share of the rate that bulk keeps while more urgent lanes wait, 0 to 0.5. */
  bulkShare: z.number().min(0).max(0.5).default(0.1),
});

export type Account = z.output<typeof accountSchema>;
