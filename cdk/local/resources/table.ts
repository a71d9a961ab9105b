import type { TableProperties } from '../aws/api.ts';
import type { StackContext } from '../context.ts';
import { type Identity, type Resource, type ResourceFamily, useKey } from './resource.ts';

/** A table name has up to 255 characters. */
const NAME_CHARACTERS = 255;

/** What a table says of itself, and a global table of its replica. */
interface Replica {
  ResourcePolicy?: { PolicyDocument: unknown };
  SSESpecification?: { KMSMasterKeyId?: unknown };
}

function protectTable(tableArn: string, properties: Record<string, unknown>, context: StackContext): void {
  const { Replicas: replicas = [] } = properties as { Replicas?: Replica[] };
  for (const { ResourcePolicy: policy, SSESpecification: encryption } of [properties as Replica, ...replicas]) {
    if (policy !== undefined) context.aws.policies.protect(tableArn, policy.PolicyDocument);
    useKey(tableArn, encryption?.KMSMasterKeyId, context);
  }
}

async function deploy(resource: Resource, context: StackContext): Promise<Identity> {
  const name = context.nameOf(resource, 'TableName', NAME_CHARACTERS);
  const table = await context.aws.tables.createTable({
    ...(resource.properties as unknown as TableProperties),
    TableName: name,
  });
  protectTable(table.arn, resource.properties, context);
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
  'SSESpecification.SSEEnabled': 'the state folder is as safe as the disk it is on',
  'SSESpecification.SSEType': 'the state folder is as safe as the disk it is on',
  Tags: 'tags change nothing',
};

export const table: ResourceFamily = {
  type: 'AWS::DynamoDB::Table',
  honours: [...HONOURS, 'ResourcePolicy.PolicyDocument', 'SSESpecification.KMSMasterKeyId'],
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
  honours: [...HONOURS, 'Replicas.ResourcePolicy.PolicyDocument', 'Replicas.SSESpecification.KMSMasterKeyId'],
  ignores: {
    ...IGNORES,
    'Replicas.Region': 'there is one region here',
    'Replicas.GlobalSecondaryIndexes': CAPACITY,
    'Replicas.PointInTimeRecoverySpecification': KEPT,
    'Replicas.DeletionProtectionEnabled': KEPT,
    'Replicas.Tags': IGNORES.Tags,
  },
  deploy,
};
