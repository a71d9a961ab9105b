// Writes the types of events for those who handle them: one for each contract, and a union of all.
import * as z from 'zod';
import { DETAIL_SCHEMAS } from '../shared/contracts/event-catalog.ts';
import type { JsonSchema } from '../shared/contracts/openapi/json-schema.ts';
import { typeOf } from './client.ts';

const HEAD = `// Made from the contracts by \`npm run generate\`. Copy this folder into your program: it needs nothing else.`;

const TAIL = `export type EventType = keyof EventDetails;

/** An event as EventBridge brings it; \`detail-type\` tells which. */
export type BusEvent<T extends EventType = EventType> = {
  [Type in T]: {
    id: string;
    'detail-type': Type;
    source: string;
    account: string;
    time: string;
    region: string;
    detail: EventDetails[Type];
  };
}[T];

/** The body of a webhook; \`type\` tells which. */
export type WebhookEvent<T extends EventType = EventType> = {
  [Type in T]: {
    type: Type;
    timestamp: string;
    data: EventDetails[Type]['data'];
    metadata: EventDetails[Type]['metadata'];
  };
}[T];
`;

/** The whole source, in TypeScript. */
export function consumerSource(): string {
  const contracts = new Map<z.ZodObject, string[]>();
  for (const [type, schema] of DETAIL_SCHEMAS) contracts.set(schema, [...(contracts.get(schema) ?? []), type]);
  const named = [...contracts].map(([schema, types]) => ({ schema, types, name: nameOf(types) }));
  const details = named.map(
    ({ schema, name }) => `export type ${name} = ${typeOf(z.toJSONSchema(schema) as JsonSchema)};`,
  );
  const members = [...DETAIL_SCHEMAS].map(
    ([type, schema]) => `  '${type}': ${named.find((each) => each.schema === schema)?.name};\n`,
  );
  const types = [...DETAIL_SCHEMAS.keys()].map((type) => `  '${type}',\n`);
  return [
    HEAD,
    ...details,
    `/** What stands in \`detail\`, by the type of event. */\nexport type EventDetails = {\n${members.join('')}};`,
    `export const EVENT_TYPES: readonly EventType[] = [\n${types.join('')}];`,
    TAIL,
  ].join('\n\n');
}

/** After the kind that its types have in common, or the one type that it is for. */
function nameOf(types: readonly string[]): string {
  const [first = ''] = types;
  const words = types.length === 1 ? first : first.split('.', 1).join();
  return `${words.replace(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())}Detail`;
}
