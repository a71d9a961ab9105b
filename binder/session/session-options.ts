import type { Log } from '../../shared/log/log.ts';
import type { Clock } from './clock.ts';
import type { Endpoint } from './endpoint.ts';
import type { SubmitGate, ThrottleReport } from './pacing.ts';
import type { SessionCounters } from './session-counters.ts';
import type { InboundDeliver, LateAnswer } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';
import type { Phase } from './session-state.ts';

/** Called outside the session's own step: a handler may submit or close, and what it throws is counted and goes no further. */
export interface SessionHandlers<C> {
  onPhase(phase: Phase): void;
  /** Resolves to the command_status of the answer: 0, or 0x64 to have it sent again. A throw means 0x64. */
  onDeliver(pdu: InboundDeliver): Promise<number>;
  onLateAnswer(answer: LateAnswer<C>): void;
  onThrottled(report: ThrottleReport): void;
}

export interface SessionOptions<C> {
  endpoint: Endpoint;
  settings: SessionSettings;
  clock: Clock;
  gate: SubmitGate;
  counters: SessionCounters;
  log: Log;
  handlers: SessionHandlers<C>;
}
