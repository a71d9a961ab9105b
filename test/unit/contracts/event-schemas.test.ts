import { describe, expect, test } from 'vitest';
import { registrySchemas } from '../../../shared/contracts/event-json-schema.ts';
import { EVENT_TYPES } from '../../../shared/domain/event-type.ts';
import { faultsOf } from '../../fixtures/event-schemas.ts';

const SOURCE = 'com.example.sms';

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

/** The least that a schema takes. */
function sampleOf({ type, enum: values, format, anyOf, properties = {}, required = [] }: Schema): unknown {
  if (values !== undefined) return values[0];
  if (anyOf?.[0] !== undefined) return sampleOf(anyOf[0]);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'object':
      return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]));
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return format === 'date-time' ? '2026-11-23T00:00:00.000Z' : 'text';
  }
}

type Event = Parameters<typeof faultsOf>[0] & { detail: Record<string, Record<string, unknown>> };
const schemas = registrySchemas(SOURCE);
const sample = (index: number) => sampleOf(schemas[index]?.content as Schema) as Event;

describe('the registry', () => {
  test('has a schema of every type of event, by the name that EventBridge would give it', () => {
    expect(schemas.map(({ name }) => name)).toEqual([
      ...EVENT_TYPES.map((type) => `${SOURCE}@${type}`),
      `${SOURCE}@TextMessageDeliveryStatusUpdated`,
    ]);
    // What EventBridge takes for the name of a schema.
    for (const { name } of schemas) expect(name).toMatch(/^[0-9A-Za-z_.@-]{1,385}$/);
  });

  test.each(schemas.map(({ type }, index) => [type, index] as const))(
    'of %s: draft 4, and a field that is missing or of another type is wrong',
    (_type, index) => {
      // Compiled by then, and so checked against the meta-schema of draft 4.
      expect(faultsOf(sample(index))).toBeUndefined();
      const parts: [place: (event: Event) => Record<string, unknown>, fields: string[]][] = [
        [(event) => event.detail, Object.keys(sample(index).detail)],
        ...['metadata', 'data'].map((part): (typeof parts)[number] => [
          (event) => event.detail[part] ?? {},
          Object.keys(sample(index).detail[part] ?? {}),
        ]),
      ];
      for (const [place, fields] of parts) {
        for (const field of fields) {
          const missing = sample(index);
          delete place(missing)[field];
          expect(faultsOf(missing), `${field} is missing`).toContain(field);
          const wrong = sample(index);
          place(wrong)[field] = [['no such value']];
          expect(faultsOf(wrong), `${field} is an array`).toBeDefined();
        }
      }
    },
  );

  test.each(['message', 'batch', 'session', 'lane', 'quota'])('no type of %s takes the word of another', (kind) => {
    const [one, other] = EVENT_TYPES.filter((type) => type.startsWith(`${kind}.`));
    const event = sample(EVENT_TYPES.indexOf(one ?? 'message.queued'));
    expect(faultsOf({ ...event, 'detail-type': other ?? '' })).toContain('allowed values');
  });

  test('fields that come later break nobody', () => {
    const event = sample(EVENT_TYPES.indexOf('session.lost'));
    Object.assign(event.detail['data'] ?? {}, { added_later: true });
    Object.assign(event, { 'replay-name': 'again' });
    expect(faultsOf(event)).toBeUndefined();
  });
});
