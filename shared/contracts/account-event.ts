import * as z from 'zod';
import { LANES } from '../config/account.ts';
import type { AccountEntry, AccountEvent, AccountHistory } from '../domain/account-event.ts';
import { PLANNED_REASON, QUOTA_LEVELS } from '../domain/account-event.ts';
import { eventMetadata } from './event-metadata.ts';
import { isoTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** `detail` of `session.*`: how the session with the operator stands. */
export const sessionEventSchema = z.strictObject({
  metadata: eventMetadata('bindery.session'),
  data: z.strictObject({
    state: z.enum(['bound', 'lost', 'refused']),
    /** Why it was lost: a word of the binder's. */
    reason: z.string().nullable(),
    /** The system's code or the like. */
    reason_detail: z.string().nullable(),
    /** Its end was asked for, by a deployment for example, and another session follows. */
    planned: z.boolean(),
    /** command_status of a refused bind. */
    operator_code: z.string().nullable(),
    operator_words: z.string().nullable(),
  }),
});

/** `detail` of `lane.*`: whether messages wait for longer in a lane than they should. */
export const laneEventSchema = z.strictObject({
  metadata: eventMetadata('bindery.lane'),
  data: z.strictObject({
    lane: z.enum(LANES),
    state: z.enum(['congested', 'cleared']),
    estimated_wait_seconds: z.int(),
    /** A lane is congested from here on, and cleared below half of it. */
    threshold_seconds: z.int(),
    waiting_messages: z.int(),
  }),
});

/** `detail` of `quota.*`: segments of an account or of a key run out. */
export const quotaEventSchema = z.strictObject({
  metadata: eventMetadata('bindery.quota'),
  data: z.strictObject({
    level: z.enum(QUOTA_LEVELS),
    /** Null where it is the account's own. */
    key_id: z.string().nullable(),
    window: z.enum(['day', 'month']),
    /** Segments. */
    limit: z.int(),
    used: z.int(),
    resets_at: time,
  }),
});

export interface TypedAccountEvent {
  /** `detail-type` on the bus. */
  type: AccountEvent['type'];
  detail: z.output<typeof sessionEventSchema> | z.output<typeof laneEventSchema> | z.output<typeof quotaEventSchema>;
}

/** The event of one entry of a history. */
export function presentAccountEvent(
  { account, subject }: Pick<AccountHistory, 'account' | 'subject'>,
  entry: AccountEntry,
  { stage, test }: { stage: string; test: boolean },
): TypedAccountEvent {
  const common = {
    event_id: `evt_${account}_${subject}_${entry.sequence}`,
    schema_version: '1',
    occurred_at: isoTime(entry.at),
    sequence: entry.sequence,
    account,
    stage,
    test,
  } as const;
  return { type: entry.type, detail: detailOf(entry, common) };
}

type Common = Omit<z.output<typeof sessionEventSchema>['metadata'], 'schema'>;

function detailOf(entry: AccountEntry, common: Common): TypedAccountEvent['detail'] {
  switch (entry.type) {
    case 'session.bound':
    case 'session.lost':
    case 'session.refused':
      return { metadata: { ...common, schema: 'bindery.session' }, data: sessionData(entry) };
    case 'lane.congested':
    case 'lane.cleared':
      return {
        metadata: { ...common, schema: 'bindery.lane' },
        data: {
          lane: entry.lane,
          state: entry.type === 'lane.congested' ? 'congested' : 'cleared',
          estimated_wait_seconds: entry.waitSeconds,
          threshold_seconds: entry.thresholdSeconds,
          waiting_messages: entry.waitingMessages,
        },
      };
    case 'quota.warning':
    case 'quota.exhausted':
      return {
        metadata: { ...common, schema: 'bindery.quota' },
        data: {
          level: entry.type === 'quota.warning' ? 'warning' : 'exhausted',
          key_id: entry.keyId ?? null,
          window: entry.window,
          limit: entry.limit,
          used: entry.used,
          resets_at: isoTime(entry.resetsAt),
        },
      };
  }
}

function sessionData(
  entry: Extract<AccountEntry, { type: `session.${string}` }>,
): z.output<typeof sessionEventSchema>['data'] {
  const nothing = { reason: null, reason_detail: null, planned: false, operator_code: null, operator_words: null };
  switch (entry.type) {
    case 'session.bound':
      return { ...nothing, state: 'bound' };
    case 'session.lost': {
      const { reason, detail = null } = entry;
      return { ...nothing, state: 'lost', reason, reason_detail: detail, planned: reason === PLANNED_REASON };
    }
    case 'session.refused': {
      const { operatorCode, operatorWords = null } = entry;
      return { ...nothing, state: 'refused', operator_code: operatorCode, operator_words: operatorWords };
    }
  }
}
