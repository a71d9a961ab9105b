import type { AlarmRule } from '../alarm-rule.ts';
import { OUTCOME_ALARMS } from './outcomes.ts';
import { PROGRAM_ALARMS } from './programs.ts';
import { QUEUE_ALARMS } from './queues.ts';
import { SESSION_ALARMS } from './session.ts';

/** Every alarm, in the order of the runbook. */
export const ALARM_RULES: readonly AlarmRule[] = [
  ...SESSION_ALARMS,
  ...QUEUE_ALARMS,
  ...OUTCOME_ALARMS,
  ...PROGRAM_ALARMS,
];
