import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  MESSAGES_TABLE: variables.MESSAGES_TABLE,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  API_ACCOUNTS: variables.API_ACCOUNTS,
  EVENT_BUS: variables.EVENT_BUS,
  EVENT_SOURCE: variables.EVENT_SOURCE,
  END_USER_MESSAGING: variables.END_USER_MESSAGING,
  WEBHOOK_QUEUE_URL: variables.WEBHOOK_QUEUE_URL,
  PARKED_QUEUE_URL: variables.PARKED_QUEUE_URL,
});
