/** A pause of the whole link after the message centre asked for one: 1, 2, 4 … times `firstMs`, at most `maxMs`. */
export interface PauseRule {
  firstMs: number;
  maxMs: number;
}

export interface Throttle {
  readonly beganAtMs: number;
  readonly untilMs: number;
  /** Pauses in a row, none of them followed by a success. */
  readonly pauses: number;
}

export const unthrottled: Throttle = {
  beganAtMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.NEGATIVE_INFINITY,
  pauses: 0,
};

/** Whether an answer to a submit written at `sentAtMs` says anything new: those written before the pause were one event. */
function isNews(throttle: Throttle, sentAtMs: number): boolean {
  return sentAtMs > throttle.beganAtMs;
}

/** The pause after a refusal at `nowMs`, or the same throttle if the refused submit was written before it began. */
export function pauseAfterRefusal(
  throttle: Throttle,
  refusal: { sentAtMs: number; nowMs: number; rule: PauseRule },
): Throttle {
  if (!isNews(throttle, refusal.sentAtMs)) return throttle;
  const pauseMs = Math.min(refusal.rule.maxMs, refusal.rule.firstMs * 2 ** throttle.pauses);
  return { beganAtMs: refusal.nowMs, untilMs: refusal.nowMs + pauseMs, pauses: throttle.pauses + 1 };
}

/** A submit that was written after the last pause went through: the next pause is a short one again. */
export function resetAfterSuccess(throttle: Throttle, sentAtMs: number): Throttle {
  return isNews(throttle, sentAtMs) && throttle.pauses > 0 ? { ...throttle, pauses: 0 } : throttle;
}
