import { type Item, refusal, type TableDescription } from './dynalite.ts';

/** Throws what DynamoDB answers to an item with an empty index key. dynalite takes it, and code must not work here and fail there. */
export function requireIndexKeys(table: TableDescription, item: Item): void {
  for (const { IndexName, KeySchema } of [
    ...(table.GlobalSecondaryIndexes ?? []),
    ...(table.LocalSecondaryIndexes ?? []),
  ]) {
    const empty = KeySchema.find(({ AttributeName }) => item[AttributeName]?.S === '' || item[AttributeName]?.B === '');
    if (!empty) continue;
    throw refusal(
      'ValidationException',
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The ' +
        'AttributeValue for a key attribute cannot contain an empty string value. ' +
        `IndexName: ${IndexName}, IndexKey: ${empty.AttributeName}`,
    );
  }
}
