import * as z from 'zod';

const domainName = z
  .string()
  .max(253)
  .regex(
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
    'a name in small letters such as sms.example.com',
  );

const mutualTlsSchema = z.strictObject({
  /** The authorities whose clients are let in: PEM, in a bucket of the same region. */
  truststoreUri: z.string().regex(/^s3:\/\/[a-z0-9.-]{3,63}\/.+$/, 'an object such as s3://bucket/truststore.pem'),
  /** Version of the object, where the bucket has versions: without it a new truststore is not noticed. */
  truststoreVersion: z.string().min(1).optional(),
});

const domainSchema = z
  .strictObject({
    name: domainName,
    /** Certificate of the name in ACM, in the region of the stack. */
    certificateArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
        'the ARN of a certificate of ACM, arn:aws:acm:REGION:ACCOUNT:certificate/ID',
      ),
    /** Zone of Route 53 that gets the name's records; without it the output ApiDomainTarget says what to point the name at. */
    hostedZone: z
      .strictObject({ id: z.string().regex(/^Z[A-Z0-9]+$/, 'an id such as Z0123456789ABC'), name: domainName })
      .optional(),
    /** Only clients with a certificate are let in, besides their key. */
    mutualTls: mutualTlsSchema.optional(),
    /** Whether the address under execute-api answers, too. Never with mutual TLS, which it would be a way around. */
    defaultAddress: z.boolean().optional(),
  })
  .check(({ value, issues }) => {
    const { name, hostedZone, mutualTls, defaultAddress } = value;
    if (hostedZone !== undefined && name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`)) {
      const message = 'must be the zone that the domain is in';
      issues.push({ code: 'custom', path: ['hostedZone', 'name'], message, input: undefined });
    }
    if (mutualTls !== undefined && defaultAddress === true) {
      const message = 'must not be true with mutualTls: it would be a way around it';
      issues.push({ code: 'custom', path: ['defaultAddress'], message, input: undefined });
    }
  });

/** The front of the HTTPS API. */
export const apiSchema = z.strictObject({
  /** Requests a second of all callers together; what is above is answered 429 by API Gateway itself. */
  requestsPerSecond: z.int().min(1).max(10_000).default(1_000),
  /** Requests that may come at once. */
  burst: z.int().min(1).max(5_000).default(2_000),
  /** A name of one's own. */
  domain: domainSchema.optional(),
});

export type ApiDomain = z.output<typeof domainSchema>;
