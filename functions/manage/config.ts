import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  API_REQUESTS_PER_SECOND: variables.API_REQUESTS_PER_SECOND,
  MESSAGES_TABLE: variables.MESSAGES_TABLE,
  RECEIPTS_TABLE: variables.RECEIPTS_TABLE,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  API_ACCOUNTS: variables.API_ACCOUNTS,
  WEBHOOK_QUEUE_URL: variables.WEBHOOK_QUEUE_URL,
  WEBHOOK_LOOPBACK: variables.WEBHOOK_LOOPBACK,
  CALLBACK_HOSTS: variables.CALLBACK_HOSTS,
});
