import * as z from 'zod';
import { variables } from '../../shared/config/environment.ts';

export const environmentSchema = z.object({
  STAGE: variables.STAGE,
  LOG_LEVEL: variables.LOG_LEVEL,
});
