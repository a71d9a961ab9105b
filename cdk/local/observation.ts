import type { BusEvent } from './aws/api.ts';
import type { AlarmState } from './cloudwatch/alarm.ts';

/** Something that happened in the local stack, for the terminal view, the log and the tests. */
export type Observation =
  | { kind: 'step'; name: string; durationMs: number }
  | { kind: 'notice'; text: string }
  /** A line that a program wrote. `program` is the logical id of its function or container. */
  | { kind: 'line'; program: string; line: string }
  | { kind: 'request'; apiId: string; method: string; path: string; status: number; durationMs: number }
  | {
      kind: 'invocation';
      program: string;
      outcome: 'answered' | 'failed' | 'throttled';
      durationMs: number;
      error?: string;
    }
  /** Records that a trigger gave up on, with the reason. */
  | { kind: 'parked'; trigger: string; records: number; condition: string }
  /** An alarm was raised, or is over. */
  | { kind: 'alarm'; name: string; state: AlarmState; description: string }
  | { kind: 'bus_event'; bus: string; event: BusEvent }
  | { kind: 'task'; service: string; task: string; state: TaskState; reason?: string };

export type TaskState = 'starting' | 'healthy' | 'unhealthy' | 'stopping' | 'stopped';

export type Observe = (observation: Observation) => void;
