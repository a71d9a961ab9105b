import * as z from 'zod';
import { LANES } from '../config/account.ts';
import type { AccountReport } from '../domain/account-report.ts';
import { isRecent } from '../domain/drain.ts';
import { isoTime, optionalTime } from './message.ts';
import { wholeListSchema } from './page.ts';

const time = z.iso.datetime({ precision: 3 });
const SESSION_STATES = ['closed', 'waiting', 'connecting', 'binding', 'unbinding', 'bound', 'unknown'] as const;
type SessionState = (typeof SESSION_STATES)[number];

/** One account in `GET /v1/status`, as its binder saw it last. */
export const accountStatusSchema = z.strictObject({
  account: z.string(),
  session: z.strictObject({
    /** `unknown` where no binder has said anything for a while. */
    state: z.enum(SESSION_STATES),
    since: time.nullable(),
    /** Why it is not bound. */
    reason: z.string().nullable(),
    /** What the operator answered to the bind. */
    operator_code: z.string().nullable(),
    /** What is known beyond the reason. */
    detail: z.string().nullable(),
    can_send: z.boolean(),
  }),
  segments_per_second: z.strictObject({
    /** Over the last minute. */
    now: z.number().nullable(),
    limit: z.int(),
  }),
  /** When it could send last. */
  last_ready_at: time.nullable(),
  last_submit_at: time.nullable(),
  last_receipt_at: time.nullable(),
  /** When the binder that holds the account last told of it: every half minute at the least. */
  binder_seen_at: time.nullable(),
});
export type AccountStatus = z.output<typeof accountStatusSchema>;

/** The answer to `GET /v1/status`: every account in reach. */
export const accountStatusListSchema = wholeListSchema(accountStatusSchema);

export function presentStatus(
  account: { name: string; segmentsPerSecond: number },
  report: AccountReport | undefined,
  now: number,
): AccountStatus {
  const recent = isRecent(report, now) ? report : undefined;
  const session = recent?.session;
  const submitted = recent && LANES.reduce((sum, lane) => sum + recent.lanes[lane].submitted, 0);
  return {
    account: account.name,
    session: {
      state: SESSION_STATES.find((state): state is SessionState => state === session?.state) ?? 'unknown',
      since: session === undefined ? null : isoTime(session.since),
      reason: session?.reason ?? null,
      operator_code: session?.operatorCode ?? null,
      detail: session?.detail ?? null,
      can_send: session?.canSubmit ?? false,
    },
    segments_per_second: {
      now: submitted === undefined ? null : Math.round((submitted * 100) / 60) / 100,
      limit: account.segmentsPerSecond,
    },
    last_ready_at: optionalTime(report?.lastReadyAt),
    last_submit_at: optionalTime(report?.lastSubmitAt),
    last_receipt_at: optionalTime(report?.lastReceiptAt),
    binder_seen_at: optionalTime(report?.at),
  };
}
