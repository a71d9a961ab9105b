import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const amount = z.number().min(0);

const perMessageSchema = z.strictObject({
  /** Of all tables, with what each write costs again in the indexes that it touches. */
  writeUnits: amount,
  /** Of all tables; half ones where the answer may be a moment old. */
  readUnits: amount,
  /** Writes of the message itself: publish-events is called for each. */
  changes: amount,
  queueRequests: amount,
  events: amount,
  /** Of the stored message at the end of its life. */
  messageOctets: amount,
  /** Written by the programs; what Lambda itself logs of each invocation comes on top. */
  logOctets: amount,
});
export type PerMessage = z.output<typeof perMessageSchema>;

const countedSchema = z.strictObject({
  measured: z.iso.date(),
  /** By the number of segments. */
  messages: z.strictObject({ '1': perMessageSchema, '3': perMessageSchema }),
  /** What the binder calls each second while nothing is to be sent, besides its reports. */
  idleSecond: z.strictObject({ writeUnits: amount, readUnits: amount, queueRequests: amount }),
  /** What stands in the template of the shipped configuration. */
  stack: z.strictObject({ secrets: amount, alarms: amount, dashboards: amount, polledQueues: amount }),
});
export type Counted = z.output<typeof countedSchema>;

/** Counted by test/e2e/cost.test.ts and test/unit/delivery/cost.test.ts, which fail where it is no longer so. */
export function readCounted(): Counted {
  return countedSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'counted.json'), 'utf8')));
}
