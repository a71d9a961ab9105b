import { OWNER_GONE_REASON, type SessionEvent } from '../../shared/domain/account-event.ts';
import type { NewEntry, StoredHistory } from '../../shared/store/control-histories.ts';
import { hexStatus } from '../outbound/answers.ts';
import type { LinkStatus } from '../session/link-status.ts';

/**
 * What a new status of an account's link means to whoever looks on from outside; undefined for what is only on the way, or
 * has been said. A wrong password is refused for ever, every few minutes: it is told of once.
 * @param last what was told last; undefined where nothing was
 */
export function sessionChange(
  last: SessionEvent | undefined,
  { state, reason, detail, commandStatus }: LinkStatus,
  words: (commandStatus: number) => string | undefined,
): SessionEvent | undefined {
  if (state === 'bound') return last?.type === 'session.bound' ? undefined : { type: 'session.bound' };
  if (state !== 'waiting' && state !== 'closed') return undefined;
  if (last?.type === 'session.bound') {
    return { type: 'session.lost', reason: reason ?? 'requested', ...(detail === undefined ? {} : { detail }) };
  }
  if (reason !== 'bind_refused' || commandStatus === undefined) return undefined;
  const operatorCode = hexStatus(commandStatus);
  if (last?.type === 'session.refused' && last.operatorCode === operatorCode) return undefined;
  const operatorWords = words(commandStatus);
  return { type: 'session.refused', operatorCode, ...(operatorWords === undefined ? {} : { operatorWords }) };
}

const OWNER_GONE: SessionEvent = { type: 'session.lost', reason: OWNER_GONE_REASON };

/**
 * What a new owner's first entries are to those before: a session that an earlier one left bound, without having said that it
 * ended, is lost; and a refusal of which an earlier one told is no news.
 */
export function takenOver(
  stored: StoredHistory<SessionEvent> | undefined,
  entries: readonly NewEntry<SessionEvent>[],
  { fence, at }: { fence: number; at: number },
): readonly NewEntry<SessionEvent>[] {
  const last = stored?.entries.at(-1);
  if (last === undefined || stored?.fence === fence) return entries;
  if (last.type === 'session.bound') return [{ ...OWNER_GONE, at, mark: `${fence}.0` }, ...entries];
  const [first, ...rest] = entries;
  const isTold =
    last.type === 'session.refused' &&
    first !== undefined &&
    'operatorCode' in first &&
    first.operatorCode === last.operatorCode;
  return isTold ? rest : entries;
}
