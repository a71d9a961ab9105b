import * as z from 'zod';
import { OPT_OUT_SCOPES, OPT_OUT_SOURCES, type StoredOptOut } from '../domain/opt-out.ts';
import { eventMetadata } from './event-metadata.ts';
import { isoTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** `detail` of `optout.*`: a subscriber wants no messages any more, or wants them again. */
export const optOutEventSchema = z.strictObject({
  /** `sequence` counts the events of one opt-out; who opts out again after its end begins another. */
  metadata: eventMetadata('bindery.optout'),
  data: z.strictObject({
    /** Sorts by the time at which the opt-out began. */
    opt_out_id: z.string(),
    /** E.164. */
    number: z.string(),
    scope: z.enum(OPT_OUT_SCOPES),
    source: z.enum(OPT_OUT_SOURCES),
    created_at: time,
  }),
});

export interface TypedOptOutEvent {
  type: 'optout.added' | 'optout.removed';
  detail: z.output<typeof optOutEventSchema>;
}

export interface OptOutChange {
  type: TypedOptOutEvent['type'];
  optOut: StoredOptOut;
  sequence: number;
  /** Epoch milliseconds. */
  at: number;
}

export function presentOptOutEvent(
  { type, optOut, sequence, at }: OptOutChange,
  { stage, test }: { stage: string; test: boolean },
): TypedOptOutEvent {
  const { optOutId, account, number, scope, source, createdAt } = optOut;
  return {
    type,
    detail: {
      metadata: {
        event_id: `evt_${optOutId}_${sequence}`,
        schema: 'bindery.optout',
        schema_version: '1',
        occurred_at: isoTime(at),
        sequence,
        account,
        stage,
        test,
      },
      data: { opt_out_id: optOutId, number, scope, source, created_at: isoTime(createdAt) },
    },
  };
}
