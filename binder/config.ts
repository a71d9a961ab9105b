import * as z from 'zod';
import { variables } from '../shared/config/environment.ts';

/** What the binder is told by its task definition. */
export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  MESSAGES_TABLE: variables.MESSAGES_TABLE,
  RECEIPTS_TABLE: variables.RECEIPTS_TABLE,
  RECEIPT_RETENTION_DAYS: variables.RECEIPT_RETENTION_DAYS,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  LANE_QUEUE_URL: variables.LANE_QUEUE_URL,
  BINDER_ACCOUNTS: variables.BINDER_ACCOUNTS,
  ACCOUNT_SECRETS: variables.ACCOUNT_SECRETS,
  HEALTH_PORT: variables.HEALTH_PORT,
  METRICS_INTERVAL_SECONDS: variables.METRICS_INTERVAL_SECONDS,
});
