import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What one BatchGetItem takes. */
export const MOST_GOT = 100;
/** Unprocessed keys come back when the table is busy. */
const GET_TRIES = 5;

type Item = Record<string, unknown>;

export interface BatchGet {
  table: string;
  /** What the table is called in the fault that it does not give all. */
  called: 'Messages' | 'Control';
  /** At most {@link MOST_GOT}. */
  keys: readonly Item[];
  consistent: boolean;
  /** Without it, all of them. */
  attributes?: readonly string[];
}

/** Items by their keys; what does not exist is left out. @throws Error where the table does not give all in several tries */
export async function batchGet(
  client: DynamoDBDocumentClient,
  { table, called, keys, consistent, attributes }: BatchGet,
): Promise<Item[]> {
  const projection = attributes && {
    ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
  const found: Item[] = [];
  let Keys: Item[] = [...keys];
  for (let tries = 0; Keys.length > 0; tries += 1) {
    if (tries === GET_TRIES) throw new Error(`the ${called} table does not give all that it was asked for`);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: consistent, ...projection } } }),
    );
    found.push(...(Responses?.[table] ?? []));
    Keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}
