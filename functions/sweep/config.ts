import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  MESSAGES_TABLE: variables.MESSAGES_TABLE,
  RECEIPTS_TABLE: variables.RECEIPTS_TABLE,
  RECEIPT_RETENTION_DAYS: variables.RECEIPT_RETENTION_DAYS,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  LANE_QUEUE_URL: variables.LANE_QUEUE_URL,
  FEED_QUEUE_URL: variables.FEED_QUEUE_URL,
  API_ACCOUNTS: variables.API_ACCOUNTS,
  ADMIN_KEY_SECRET: variables.ADMIN_KEY_SECRET,
});
