import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
  CONTROL_TABLE: variables.CONTROL_TABLE,
  WEBHOOK_QUEUE_URL: variables.WEBHOOK_QUEUE_URL,
  WEBHOOK_LOOPBACK: variables.WEBHOOK_LOOPBACK,
  CALLBACK_HOSTS: variables.CALLBACK_HOSTS,
  WEBHOOK_TIME_FACTOR: variables.WEBHOOK_TIME_FACTOR,
  EVENT_BUS: variables.EVENT_BUS,
  EVENT_SOURCE: variables.EVENT_SOURCE,
});
