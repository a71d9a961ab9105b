import type { TableProperties } from '../aws/api.ts';
import type { StackContext } from '../context.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

/** A table name has up to 255 characters. */
const NAME_CHARACTERS = 255;

interface WithPolicy {
  ResourcePolicy?: { PolicyDocument: unknown };
}

/** A table's policy; of a global table its replica's. */
function policiesOf(properties: Record<string, unknown>): unknown[] {
  const { Replicas: replicas = [] } = properties as { Replicas?: WithPolicy[] };
  return [properties as WithPolicy, ...replicas].flatMap(({ ResourcePolicy }) => ResourcePolicy?.PolicyDocument ?? []);
}

async function deploy(resource: Resource, context: StackContext): Promise<Identity> {
  const name = context.nameOf(resource, 'TableName', NAME_CHARACTERS);
  const table = await context.aws.tables.createTable({
    ...(resource.properties as unknown as TableProperties),
    TableName: name,
  });
  for (const document of policiesOf(resource.properties)) context.aws.policies.protect(table.arn, document);
  if (table.streamArn !== undefined) context.streams.set(table.streamArn, name);
  return {
    ref: name,
    attributes: { Arn: table.arn, ...(table.streamArn === undefined ? {} : { StreamArn: table.streamArn }) },
  };
}

const HONOURS = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'GlobalSecondaryIndexes.IndexName',
  'GlobalSecondaryIndexes.KeySchema',
  'GlobalSecondaryIndexes.Projection',
  'LocalSecondaryIndexes',
  'TimeToLiveSpecification',
  'StreamSpecification.StreamViewType',
];

const CAPACITY = 'capacity is not limited here';
const KEPT = 'the state folder is the only copy, and nothing deletes it';

const IGNORES = {
  BillingMode: CAPACITY,
  SSESpecification: 'the state folder is as safe as the disk it is on',
  Tags: 'tags change nothing',
};

export const table: ResourceFamily = {
  type: 'AWS::DynamoDB::Table',
  honours: [...HONOURS, 'ResourcePolicy.PolicyDocument'],
  ignores: {
    ...IGNORES,
    ProvisionedThroughput: CAPACITY,
    'GlobalSecondaryIndexes.ProvisionedThroughput': CAPACITY,
    PointInTimeRecoverySpecification: KEPT,
    DeletionProtectionEnabled: KEPT,
  },
  deploy,
};

export const globalTable: ResourceFamily = {
  type: 'AWS::DynamoDB::GlobalTable',
  honours: [...HONOURS, 'Replicas.ResourcePolicy.PolicyDocument'],
  ignores: {
    ...IGNORES,
    'Replicas.Region': 'there is one region here',
    'Replicas.GlobalSecondaryIndexes': CAPACITY,
    'Replicas.PointInTimeRecoverySpecification': KEPT,
    'Replicas.DeletionProtectionEnabled': KEPT,
    'Replicas.SSESpecification': IGNORES.SSESpecification,
    'Replicas.Tags': IGNORES.Tags,
  },
  deploy,
};
