import type * as z from 'zod';
import { EVENT_TYPES, type EventType } from '../domain/event-type.ts';
import { laneEventSchema, quotaEventSchema, sessionEventSchema } from './account-event.ts';
import { batchEventSchema } from './batch-event.ts';
import { messageEventSchema } from './event.ts';
import { inboundEventSchema } from './inbound-event.ts';
import { optOutEventSchema } from './opt-out-event.ts';
import { endpointEventSchema } from './webhook-endpoint-event.ts';

/** The contract of `detail` by the first word of a type. */
const BY_KIND: Readonly<Record<EventType extends `${infer Kind}.${string}` ? Kind : never, z.ZodObject>> = {
  message: messageEventSchema,
  batch: batchEventSchema,
  session: sessionEventSchema,
  lane: laneEventSchema,
  quota: quotaEventSchema,
  optout: optOutEventSchema,
  webhook_endpoint: endpointEventSchema,
};

/** The contracts of types that differ from the others of their kind. */
const BY_TYPE: Partial<Record<EventType, z.ZodObject>> = { 'message.received': inboundEventSchema };

/** The contract of `detail` of a type of event on the bus. */
export function detailSchemaOf(type: EventType): z.ZodObject {
  return BY_TYPE[type] ?? BY_KIND[type.split('.', 1)[0] as keyof typeof BY_KIND];
}

/** The contract of each type of event on the bus. */
export const DETAIL_SCHEMAS: ReadonlyMap<EventType, z.ZodObject> = new Map(
  EVENT_TYPES.map((type) => [type, detailSchemaOf(type)]),
);
