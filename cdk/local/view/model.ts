import type { Lane } from '../../../shared/config/account.ts';
import type { MessageStatus } from '../../../shared/domain/message.ts';
import type { SessionReport } from '../sessions.ts';

export interface AccountView {
  name: string;
  segmentsPerSecond: number;
  /** None while no binder has spoken of it. */
  sessions: readonly SessionReport[];
  /** Segments that the operator accepted in the last second. */
  submitted: number;
  /** Messages in each lane's queue, those in the binder's hands included. */
  waiting: Readonly<Record<Lane, number>>;
  deadLetters: number;
}

export interface EventView {
  atEpochMs: number;
  type: string;
  /** Masked. */
  to: string;
  detail: string;
}

export interface WarningView {
  atEpochMs: number;
  program: string;
  level: 'warn' | 'error';
  text: string;
}

/** Everything that the terminal view shows at one moment. */
export interface ViewModel {
  nowEpochMs: number;
  startedAtEpochMs: number;
  apiUrl: string;
  key: string;
  operator: string;
  logFolder: string;
  accounts: readonly AccountView[];
  /** Messages by state, those of earlier runs included. */
  messages: Readonly<Partial<Record<MessageStatus, number>>>;
  receipts: number;
  /** Latest last. */
  events: readonly EventView[];
  /** Latest last. */
  warnings: readonly WarningView[];
  /** Names of those that are raised. */
  alarms: readonly string[];
  draining: boolean;
}
