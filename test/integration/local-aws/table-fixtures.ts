import type { TableProperties } from '../../../cdk/local/aws/api.ts';

/** Like the gateway's own: a stream, TTL, and a sparse index of keys. */
export const MESSAGES: TableProperties = {
  TableName: 'Messages',
  AttributeDefinitions: [
    { AttributeName: 'messageId', AttributeType: 'S' },
    { AttributeName: 'account', AttributeType: 'S' },
    { AttributeName: 'dueAccount', AttributeType: 'S' },
    { AttributeName: 'dueAt', AttributeType: 'N' },
  ],
  KeySchema: [{ AttributeName: 'messageId', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-account',
      KeySchema: [
        { AttributeName: 'account', KeyType: 'HASH' },
        { AttributeName: 'messageId', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'dueAccount', KeyType: 'HASH' },
        { AttributeName: 'dueAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

/** A table without stream, TTL or index. */
export const CONTROL: TableProperties = {
  TableName: 'Control',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};
