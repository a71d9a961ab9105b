import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  API_REQUESTS_PER_SECOND: variables.API_REQUESTS_PER_SECOND,
  MESSAGES_TABLE: variables.MESSAGES_TABLE,
  MESSAGE_RETENTION_DAYS: variables.MESSAGE_RETENTION_DAYS,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  API_ACCOUNTS: variables.API_ACCOUNTS,
  LANE_QUEUE_URL: variables.LANE_QUEUE_URL,
  FEED_QUEUE_URL: variables.FEED_QUEUE_URL,
  CALLBACK_HOSTS: variables.CALLBACK_HOSTS,
  WEBHOOK_LOOPBACK: variables.WEBHOOK_LOOPBACK,
});
