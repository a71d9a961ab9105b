import * as z from 'zod';

/**
 * `metadata` of an event on the bus.
 * @param schema the name of what stands beside it in `data`
 */
export function eventMetadata<Name extends string>(schema: Name) {
  return z.strictObject({
    /** The same however often the event is repeated. */
    event_id: z.string(),
    schema: z.literal(schema),
    schema_version: z.literal('1'),
    occurred_at: z.iso.datetime({ precision: 3 }),
    /** Counts the events of one subject from 1, without gaps. */
    sequence: z.int(),
    account: z.string(),
    stage: z.string(),
    test: z.boolean(),
  });
}
