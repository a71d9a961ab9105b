import * as z from 'zod';

/** An id of EC2 such as vpc-0123456789abcdef0: older ones have eight digits. */
const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`), `an id such as ${kind}-0123456789abcdef0`);

/** Services that the binder can be let to reach inside the VPC, where nothing may cross the internet; docs/configuration.md has the reckoning. */
export const INTERFACE_ENDPOINTS = ['sqs', 'secretsmanager', 'logs', 'ecr'] as const;

const created = {
  /** Interface endpoints; each is paid for by the hour and zone. DynamoDB and S3 have free gateway endpoints in any case. */
  interfaceEndpoints: z.array(z.enum(INTERFACE_ENDPOINTS)).default([]),
};

/** Where the binder runs, and how it gets out. */
export const vpcSchema = z.discriminatedUnion(
  'kind',
  [
    /** A new VPC of two public subnets: the binder has an address of its own and no NAT gateway is paid for. */
    z.strictObject({ kind: z.literal('public'), ...created }),
    /** A new VPC with one NAT gateway, for operators that admit listed addresses only. */
    z.strictObject({
      kind: z.literal('nat'),
      ...created,
      /** An Elastic IP that exists, in place of one that the stack makes: an operator may have listed it already. */
      allocationId: idOf('eipalloc').optional(),
    }),
    /** A VPC that exists. Its subnets must reach the operator and AWS. */
    z.strictObject({
      kind: z.literal('existing'),
      vpcId: idOf('vpc'),
      subnetIds: z.array(idOf('subnet')).min(1),
      /** Whether the subnets are public ones, where a task needs an address of its own. */
      assignPublicAddress: z.boolean().default(false),
      /** Resolvers of one's own, which the binder must be let reach; Amazon's needs no rule. */
      dnsServers: z.array(z.ipv4()).default([]),
    }),
  ],
  { error: 'kind must be one of "public", "nat", "existing"' },
);
