import * as z from 'zod';
import { EVENT_TYPES, type EventType } from '../domain/event-type.ts';
import { END_USER_MESSAGING_TYPE, endUserMessagingSchema } from './end-user-messaging-event.ts';
import { detailSchemaOf } from './event-catalog.ts';

type Schema = Record<string, unknown>;

/** The schema of one type of event, as EventBridge's registry has it. */
export interface RegistrySchema {
  /** As EventBridge names what it discovers: source, `@` and the detail-type. */
  name: string;
  type: string;
  description: string;
  /** JSON Schema draft 4 of the whole event. */
  content: Schema;
}

const DRAFT_4 = 'http://json-schema.org/draft-04/schema#';

/** The field of `data` that repeats the second word of the type. */
const WORD_FIELDS: Readonly<Record<string, string>> = {
  message: 'status',
  batch: 'event',
  session: 'state',
  lane: 'state',
  quota: 'level',
};

/** The schemas of every type of event. @param source of the events, reverse-DNS */
export function registrySchemas(source: string): RegistrySchema[] {
  const own = EVENT_TYPES.map((type) => ({
    name: `${source}@${type}`,
    type: type as string,
    description: `Event ${type} of Bindery`,
    content: envelopeOf({ source, type }, detailOf(type)),
  }));
  const type = END_USER_MESSAGING_TYPE;
  const same: RegistrySchema = {
    // Names have no spaces; EventBridge leaves them out, too.
    name: `${source}@${type.replaceAll(' ', '')}`,
    type,
    description: 'Event of a message in the shape of AWS End User Messaging',
    content: envelopeOf({ source, type }, draft4Of(endUserMessagingSchema)),
  };
  return [...own, same];
}

/** An event as EventBridge hands it on, with `detail` in it. */
function envelopeOf({ source, type }: { source: string; type: string }, detail: Schema): Schema {
  const text = { type: 'string' };
  const properties = {
    version: text,
    id: text,
    'detail-type': { enum: [type] },
    source: { enum: [source] },
    account: text,
    time: { type: 'string', format: 'date-time' },
    region: text,
    resources: { type: 'array', items: text },
    detail,
  };
  // What EventBridge adds, such as the name of a replay, is nobody's mistake.
  return { $schema: DRAFT_4, title: type, type: 'object', required: Object.keys(properties), properties };
}

function detailOf(type: EventType): Schema {
  const [kind = '', word = ''] = type.split('.', 2);
  const schema = draft4Of(detailSchemaOf(type));
  const field = WORD_FIELDS[kind];
  const data = (schema['properties'] as Record<string, { properties?: Record<string, Schema> }>)['data'];
  if (field !== undefined && data?.properties?.[field] !== undefined) data.properties[field] = { enum: [word] };
  return schema;
}

/** A contract as JSON Schema draft 4, without what only zod needs. */
function draft4Of(contract: z.ZodType): Schema {
  const { $schema: _schema, ...schema } = z.toJSONSchema(contract, {
    target: 'draft-4',
    io: 'output',
    override: ({ jsonSchema }) => {
      const schema = jsonSchema as Schema;
      // The format says it; the pattern would be a screenful.
      if (schema['format'] === 'date-time') delete schema['pattern'];
      // Fields are only ever added: who checks by an old schema must not stumble over a new one.
      if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
      // Draft 4 knows no rules for names.
      delete schema['propertyNames'];
      if (schema['type'] === 'integer') for (const limit of ['minimum', 'maximum']) deleteIfUnsafe(schema, limit);
    },
  });
  return schema;
}

/** The largest whole number of JavaScript is a limit of no contract. */
function deleteIfUnsafe(schema: Schema, limit: string): void {
  if (Math.abs(Number(schema[limit])) === Number.MAX_SAFE_INTEGER) delete schema[limit];
}
