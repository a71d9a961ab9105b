export interface SingleWrite {
  action: string;
  input: Readonly<Record<string, unknown>>;
}

/** A BatchWriteItem as the writes that it stands for. */
export function singleWrites(batch: Readonly<Record<string, unknown>>): SingleWrite[] {
  const requests = (batch.RequestItems ?? {}) as Record<string, WriteRequest[]>;
  return Object.entries(requests).flatMap(([TableName, writes]) =>
    writes.map(({ PutRequest, DeleteRequest }) =>
      PutRequest
        ? { action: 'PutItem', input: { TableName, ...PutRequest } }
        : { action: 'DeleteItem', input: { TableName, ...DeleteRequest } },
    ),
  );
}

interface WriteRequest {
  PutRequest?: { Item: unknown };
  DeleteRequest?: { Key: unknown };
}
