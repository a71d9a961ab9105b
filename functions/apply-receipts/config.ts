import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  MESSAGES_TABLE: variables.MESSAGES_TABLE,
  RECEIPTS_TABLE: variables.RECEIPTS_TABLE,
  RECEIPT_RETENTION_DAYS: variables.RECEIPT_RETENTION_DAYS,
  MESSAGE_RETENTION_DAYS: variables.MESSAGE_RETENTION_DAYS,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  LANE_QUEUE_URL: variables.LANE_QUEUE_URL,
  RECEIPT_ACCOUNTS: variables.RECEIPT_ACCOUNTS,
  PARKED_QUEUE_URL: variables.PARKED_QUEUE_URL,
});
