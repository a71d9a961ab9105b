import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';

/** Days for which CloudWatch can keep a log group; CDK's `INFINITE` is a number as well, and the one that is not meant. */
const LOG_DAYS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** How long what is of messages is kept. */
export const retentionSchema = z.strictObject({
  /** Messages, with their texts and recipients. */
  messagesDays: z.int().min(7).max(3_650).default(90),
  /** Submitted segments and raw receipts: longer than the 72 h in which an operator's last receipt may come. */
  receiptsDays: z.int().min(4).max(365).default(14),
  /** Events, in the archive of their bus, from where they can be replayed. */
  eventsDays: z.int().min(1).max(3_650).default(30),
  /** CloudWatch logs of every program and of the API. */
  logsDays: z.literal(LOG_DAYS).default(RetentionDays.ONE_MONTH),
});

/** Whose key tables, queues, secrets, the bus and logs are encrypted with. */
export const encryptionSchema = z.discriminatedUnion(
  'kind',
  [
    /** Keys of AWS: nothing to pay but calls that DynamoDB makes, cents a month, and nothing to lose. */
    z.strictObject({ kind: z.literal('aws') }),
    /** A key of the stack's own, changed by KMS each year. */
    z.strictObject({ kind: z.literal('own') }),
    /** A key that exists. Its policy must let in what docs/configuration.md lists: no stack can change it. */
    z.strictObject({
      kind: z.literal('existing'),
      keyArn: z
        .string()
        .regex(
          /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]+$/,
          'the ARN of a key, not of an alias, arn:aws:kms:REGION:ACCOUNT:key/ID',
        ),
    }),
  ],
  { error: 'kind must be one of "aws", "own", "existing"' },
);
