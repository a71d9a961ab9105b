import { type QuotaEvent, quotaSubject } from '../../shared/domain/account-event.ts';
import { periodOf } from '../../shared/domain/period.ts';
import type { Log } from '../../shared/log/log.ts';
import type { HistoryStore, NewEntry } from '../../shared/store/control-histories.ts';
import type { Charged, LimitLeft, ToCharge } from './charge.ts';

/** Share of a limit from which on its use is told of, percent. */
const WARNING_PERCENT = 80;
/** Longer than any window, and than an event may be on its way. Milliseconds. */
const KEPT_MS = 40 * 86_400_000;
const MOST_REMEMBERED = 10_000;

/**
 * Tells once in each window of a limit that it runs out, and that it has. What could not be written, the next message that
 * counts writes, in whatever process.
 */
export class QuotaWatch {
  readonly #histories: Pick<HistoryStore, 'append'>;
  readonly #log: Log;
  readonly #told = new Set<string>();

  constructor(histories: Pick<HistoryStore, 'append'>, log: Log) {
    this.#histories = histories;
    this.#log = log;
  }

  /**
   * Never rejects: whether a message may be sent does not depend on it.
   * @param refusing the limit that refused a part of what was asked for, where another was counted
   */
  async saw(toCharge: ToCharge, charged: Charged, refusing?: Pick<LimitLeft, 'whose' | 'window'>): Promise<void> {
    const limits = charged.kind === 'exhausted' ? [charged] : charged.limits;
    const refused = charged.kind === 'exhausted' ? charged : refusing;
    for (const limit of limits) {
      await this.#tell(toCharge, limit, limit.whose === refused?.whose && limit.window === refused.window);
    }
  }

  async #tell({ caller, account, now }: ToCharge, seen: LimitLeft, isRefused: boolean): Promise<void> {
    const { whose, window, limit, left, resetsAt } = seen;
    const used = limit - left;
    const percent = account.quotaWarningPercent ?? WARNING_PERCENT;
    const types: QuotaEvent['type'][] = [
      ...(used * 100 >= limit * percent ? ['quota.warning' as const] : []),
      ...(isRefused || left <= 0 ? ['quota.exhausted' as const] : []),
    ];
    if (types.length === 0) return;
    const { month, day } = periodOf(now, account.timeZone);
    const keyId = whose === 'key' ? caller.keyId : undefined;
    const subject = quotaSubject({ keyId, window: window === 'day' ? `${month}-${day}` : month });
    const name = (type: string) => `${account.name} ${subject} ${type}`;
    const untold = types.filter((type) => !this.#told.has(name(type)));
    if (untold.length === 0) return;
    const entry = { at: now, window, limit, used, resetsAt, ...(keyId === undefined ? {} : { keyId }) };
    try {
      await this.#histories.append<QuotaEvent>(
        { account: account.name, subject },
        (stored) => {
          const known = new Set(stored?.entries.map(({ type }) => type));
          return untold.filter((type) => !known.has(type)).map((type): NewEntry<QuotaEvent> => ({ type, ...entry }));
        },
        { expiresAt: now + KEPT_MS },
      );
      if (this.#told.size > MOST_REMEMBERED) this.#told.clear();
      for (const type of untold) this.#told.add(name(type));
    } catch (error) {
      this.#log.warn('that a quota runs out was not written; the next message writes it', { subject, error });
    }
  }
}
