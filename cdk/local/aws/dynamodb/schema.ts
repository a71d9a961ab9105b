import { isDeepStrictEqual } from 'node:util';
import type { KeyElement, SecondaryIndex, TableProperties } from '../api.ts';

type Described = Pick<
  TableProperties,
  'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'
>;

/** The stored table is not the template's: it can't be served, and it can't be changed without losing what it holds. */
export class TableSchemaError extends Error {
  readonly code = 'TableSchemaDiffers';
  constructor(table: string, differences: string[]) {
    super(
      `Table ${table} was stored with another schema than the template has now: ${differences.join('; ')}. ` +
        'Remove the state directory to start with empty tables, or start with the template of that run.',
    );
  }
}

/** The input of CreateTable. */
export function createTableInput(properties: TableProperties): Record<string, unknown> {
  const { TableName, AttributeDefinitions, KeySchema } = properties;
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(properties.GlobalSecondaryIndexes?.length && {
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes.map(indexInput),
    }),
    ...(properties.LocalSecondaryIndexes?.length && {
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes.map(indexInput),
    }),
  };
}

/** Throws a TableSchemaError that names each difference. */
export function requireSameSchema(stored: Described, wanted: TableProperties): void {
  const differences = [
    ...difference('key', keyText(stored.KeySchema, stored), keyText(wanted.KeySchema, wanted)),
    ...indexDifferences('global index', stored, wanted, stored.GlobalSecondaryIndexes, wanted.GlobalSecondaryIndexes),
    ...indexDifferences('local index', stored, wanted, stored.LocalSecondaryIndexes, wanted.LocalSecondaryIndexes),
  ];
  if (differences.length > 0) throw new TableSchemaError(wanted.TableName, differences);
}

function indexDifferences(
  kind: string,
  storedTable: Described,
  wantedTable: Described,
  stored: SecondaryIndex[] = [],
  wanted: SecondaryIndex[] = [],
): string[] {
  const before = new Map(stored.map((index) => [index.IndexName, indexText(index, storedTable)]));
  const after = new Map(wanted.map((index) => [index.IndexName, indexText(index, wantedTable)]));
  if (isDeepStrictEqual(before, after)) return [];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => difference(`${kind} ${name}`, before.get(name), after.get(name)));
}

const difference = (what: string, stored: string | undefined, wanted: string | undefined): string[] =>
  stored === wanted ? [] : [`${what} is ${stored ?? 'not there'}, the template has ${wanted ?? 'none'}`];

function indexText(index: SecondaryIndex, table: Described): string {
  const { ProjectionType = 'ALL', NonKeyAttributes = [] } = index.Projection;
  const included = NonKeyAttributes.length === 0 ? '' : ` ${NonKeyAttributes.toSorted().join(',')}`;
  return `${keyText(index.KeySchema, table)} ${ProjectionType}${included}`;
}

/** For example `(account S, messageId S)`. */
function keyText(key: KeyElement[], table: Described): string {
  const typeOf = (name: string): string | undefined =>
    table.AttributeDefinitions.find((attribute) => attribute.AttributeName === name)?.AttributeType;
  return `(${key.map(({ AttributeName }) => `${AttributeName} ${typeOf(AttributeName)}`).join(', ')})`;
}

function indexInput({ IndexName, KeySchema, Projection }: SecondaryIndex): SecondaryIndex {
  const { ProjectionType = 'ALL', NonKeyAttributes } = Projection;
  return { IndexName, KeySchema, Projection: { ProjectionType, ...(NonKeyAttributes && { NonKeyAttributes }) } };
}
