import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

/**
 * What stands under one partition key of the Control table, in the order of sort keys: one page, of at most `most` items.
 */
export async function smallPartition(
  client: DynamoDBDocumentClient,
  table: string,
  { pk, most, backwards = false }: { pk: string; most: number; backwards?: boolean },
): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ScanIndexForward: !backwards,
      Limit: most,
    }),
  );
  return Items;
}
