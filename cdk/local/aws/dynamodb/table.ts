import type { TableProperties } from '../api.ts';
import { tableArn } from '../arn.ts';
import type { Database, Item, TableDescription } from './dynalite.ts';
import type { GroupCommit } from './group-commit.ts';
import { Stream } from './stream.ts';

/** A table of this run. */
export interface Table {
  name: string;
  arn: string;
  description: TableDescription;
  /** The TTL attribute: epoch seconds after which the item goes. */
  expiryAttribute: string | undefined;
  stream: Stream | undefined;
}

/** What the database does not keep of a table by itself. */
interface Settings {
  /** The end of the stream's ARN on AWS: when it was enabled. */
  streamLabel?: string;
  expiryAttribute?: string;
}

interface TableSource {
  properties: TableProperties;
  description: TableDescription;
  database: Database;
  commits: GroupCommit;
  now: () => number;
}

/** Puts stream and TTL onto a table that the database has. `expiryChanged`: the TTL attribute is not that of the earlier run. */
export async function openTable(source: TableSource): Promise<{ table: Table; expiryChanged: boolean }> {
  const { properties, description, database, commits, now } = source;
  const name = properties.TableName;
  const arn = tableArn(name);
  const place = `settings~${name}`;
  const stored = ((await database.get(place)) ?? {}) as Settings;
  const ttl = properties.TimeToLiveSpecification;
  const expiryAttribute = ttl?.Enabled ? ttl.AttributeName : undefined;
  const streamLabel = stored.streamLabel ?? new Date(now()).toISOString().slice(0, -1);
  const settings: Settings = {
    ...(properties.StreamSpecification && { streamLabel }),
    ...(expiryAttribute !== undefined && { expiryAttribute }),
  };
  await commits.append([{ type: 'put', key: place, value: settings }]);
  const streamArn = `${arn}/stream/${streamLabel}`;
  const stream = properties.StreamSpecification
    ? await Stream.open({ table: name, arn: streamArn, database, commits, now })
    : undefined;
  const expiryChanged = stored.expiryAttribute !== expiryAttribute;
  return { table: { name, arn, description, expiryAttribute, stream }, expiryChanged };
}

/** The table's key attributes of an item. */
export function keyOf(item: Item, { description }: Table): Item {
  const names = description.KeySchema.map(({ AttributeName }) => AttributeName);
  return Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}
