export interface BreakerRule {
  /** Refusals in a row of one sender id after which its messages wait. */
  refusals: number;
  /** The first wait. It doubles with every probe that is refused, up to `longestPauseMs`. */
  firstPauseMs: number;
  longestPauseMs: number;
}

/** Refusals since the last acceptance, and the wait that follows from them. */
interface Refused {
  count: number;
  /** Set while the breaker is open. */
  open?: { untilMs: number; pauseMs: number; probe: string | undefined };
}

/** Senders that are remembered. There are a few to an account; whoever makes up more loses the oldest. */
const MOST_SENDERS = 1_000;

/**
 * Stops the messages of a sender id that the operator refuses again and again, and no others: each would cost the rate, and
 * operators block accounts for less. After a while one message goes as a probe; if it is taken, all the others may go.
 */
export class SenderBreaker {
  readonly #rule: BreakerRule;
  readonly #senders = new Map<string, Refused>();

  constructor(rule: BreakerRule) {
    this.#rule = rule;
  }

  /**
   * How long a message must wait; 0 if it may go, be it as the probe, which may ask again. A probe that never comes to an
   * answer needs no taking back: one pause later there is another.
   */
  holdMs(message: { senderId: string; messageId: string }, nowMs: number): number {
    const open = this.#senders.get(message.senderId)?.open;
    if (open === undefined || open.probe === message.messageId) return 0;
    if (nowMs < open.untilMs) return open.untilMs - nowMs;
    open.probe = message.messageId;
    open.untilMs = nowMs + open.pauseMs;
    return 0;
  }

  /** The operator refused its sender id. @returns what made the breaker open, where it did */
  refused(
    { senderId, messageId }: { senderId: string; messageId: string },
    nowMs: number,
  ): { refusals: number; pauseMs: number } | undefined {
    const sender = this.#senders.get(senderId) ?? { count: 0 };
    this.#remember(senderId, sender);
    sender.count += 1;
    const { firstPauseMs, longestPauseMs, refusals } = this.#rule;
    if (sender.open === undefined) {
      if (sender.count < refusals) return undefined;
      sender.open = { untilMs: nowMs + firstPauseMs, pauseMs: firstPauseMs, probe: undefined };
      return { refusals: sender.count, pauseMs: firstPauseMs };
    }
    // Those that were under way when it opened are no news.
    if (sender.open.probe !== messageId) return undefined;
    const pauseMs = Math.min(longestPauseMs, 2 * sender.open.pauseMs);
    sender.open = { untilMs: nowMs + pauseMs, pauseMs, probe: undefined };
    return undefined;
  }

  /** The operator took a message from this sender id. @returns whether that closed the breaker */
  accepted(senderId: string): boolean {
    const wasOpen = this.#senders.get(senderId)?.open !== undefined;
    this.#senders.delete(senderId);
    return wasOpen;
  }

  #remember(senderId: string, sender: Refused): void {
    this.#senders.delete(senderId);
    this.#senders.set(senderId, sender);
    const [oldest] = this.#senders.keys();
    if (this.#senders.size > MOST_SENDERS && oldest !== undefined) this.#senders.delete(oldest);
  }
}
