import type { SessionNote, SubmitOutcome } from './session-events.ts';

/** Events since the link began, over all its sessions. */
export interface SessionCounts {
  /** By command; answers by command and status, such as `submit_sm_resp 0x58`. */
  written: Record<string, number>;
  read: Record<string, number>;
  /** Bodies that did not parse, by command. */
  malformed: Record<string, number>;
  /** Ends of submits: `answered`, `timeout`, `link_lost`, or why one was not sent. */
  submits: Record<string, number>;
  notes: Record<string, number>;
  /** Connections that ended, by reason. */
  closed: Record<string, number>;
  unknownCommands: number;
  lateAnswers: number;
  /** Handlers that threw. */
  handlerFaults: number;
}

/** A peer can make up four thousand million status codes; that many counters it can not. */
const MOST_NAMES = 200;

export class SessionCounters {
  readonly counts: SessionCounts = {
    written: {},
    read: {},
    malformed: {},
    submits: {},
    notes: {},
    closed: {},
    unknownCommands: 0,
    lateAnswers: 0,
    handlerFaults: 0,
  };

  #mostUnanswered = 0;

  /** So many submits are unanswered now. */
  unanswered(count: number): void {
    this.#mostUnanswered = Math.max(this.#mostUnanswered, count);
  }

  /** Most submits that were unanswered at once since this was asked last. */
  takeMostUnanswered(): number {
    const most = this.#mostUnanswered;
    this.#mostUnanswered = 0;
    return most;
  }

  pdu(direction: 'written' | 'read', { command, status }: { command: string; status: number }): void {
    const isAnswer = command.endsWith('_resp') || command === 'generic_nack';
    add(this.counts[direction], isAnswer ? `${command} 0x${status.toString(16)}` : command);
  }

  malformed(command: string): void {
    add(this.counts.malformed, command);
  }

  outcome(outcome: SubmitOutcome): void {
    add(this.counts.submits, outcome.kind === 'answered' ? 'answered' : outcome.reason);
  }

  note(note: SessionNote): void {
    add(this.counts.notes, note);
  }

  closed(reason: string): void {
    add(this.counts.closed, reason);
  }
}

function add(counts: Record<string, number>, name: string): void {
  const counted = counts[name];
  if (counted !== undefined) counts[name] = counted + 1;
  else if (Object.keys(counts).length < MOST_NAMES) counts[name] = 1;
  else counts['other'] = (counts['other'] ?? 0) + 1;
}
