import type { Account } from '../../shared/config/account.ts';
import type { SubmitAnswer } from '../../shared/config/statuses.ts';
import type { Message } from '../../shared/domain/message.ts';
import { maskNumber } from '../../shared/domain/phone-number.ts';
import type { Log } from '../../shared/log/log.ts';
import type { Tally } from '../metrics/tally.ts';
import type { Clock } from '../session/clock.ts';
import { RefusalWave } from './refusal-wave.ts';
import { SenderBreaker } from './sender-breaker.ts';

/** Long enough to be somebody's telephone; a short code is nobody's. */
const TELEPHONE = /^\+?[0-9]{7,}$/;

type Sent = Pick<Message, 'from' | 'messageId'>;

export interface RefusalWatchOptions {
  account: Pick<Account, 'refusals'>;
  clock: Clock;
  log: Log;
  tally: Pick<Tally, 'count'>;
}

/** Learns from all answers of an account what none of them says alone, and tells each change once. */
export class RefusalWatch {
  readonly #breaker: SenderBreaker;
  readonly #wave: RefusalWave;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tally: Pick<Tally, 'count'>;

  constructor({ account, clock, log, tally }: RefusalWatchOptions) {
    const { senderInARow, senderPauseSeconds, senderLongestPauseSeconds, numbersInFifty } = account.refusals;
    this.#breaker = new SenderBreaker({
      refusals: senderInARow,
      firstPauseMs: senderPauseSeconds * 1_000,
      longestPauseMs: senderLongestPauseSeconds * 1_000,
    });
    this.#wave = new RefusalWave(numbersInFifty);
    this.#clock = clock;
    this.#log = log;
    this.#tally = tally;
  }

  /** For how long a message must not go yet, because the operator refuses its sender id; 0 if it may go. */
  holdSeconds({ from, messageId }: Sent): number {
    return Math.ceil(this.#breaker.holdMs({ senderId: from, messageId }, this.#clock.now()) / 1_000);
  }

  accepted({ from }: Sent): void {
    if (this.#breaker.accepted(from))
      this.#log.info('the operator takes the sender id again', { senderId: forLog(from) });
    this.#addToWave(false);
  }

  refused({ from, messageId }: Sent, answer: SubmitAnswer): void {
    if (answer.action !== 'refuse') return;
    if (answer.code === 'recipient_refused') this.#addToWave(true);
    if (answer.code !== 'sender_not_allowed') return;
    const opened = this.#breaker.refused({ senderId: from, messageId }, this.#clock.now());
    if (opened === undefined) return;
    this.#tally.count('SendersBlocked');
    this.#log.error('the operator refuses the sender id: its messages wait, and others go on', {
      senderId: forLog(from),
      ...opened,
    });
  }

  #addToWave(refused: boolean): void {
    const change = this.#wave.add(refused);
    if (change === undefined) return;
    const fields = { refused: change.refused, answers: change.of };
    if (change.kind === 'ended') return this.#log.info('the operator takes most numbers again', fields);
    this.#tally.count('RefusalWaves');
    this.#log.error('the operator refuses many numbers: a person should look', fields);
  }
}

/** A sender id may be a person's number (promise P9). */
function forLog(senderId: string): string {
  return TELEPHONE.test(senderId) ? maskNumber(senderId) : senderId;
}
