import type { ReceiptAccount } from '../../shared/config/environment.ts';
import type { Keywords } from '../../shared/config/keywords.ts';
import { type InboundMessage, isComplete } from '../../shared/domain/inbound-message.ts';
import { normalizeNumber } from '../../shared/domain/phone-number.ts';
import { keywordOf } from '../../shared/domain/subscriber-keyword.ts';
import { inboundText } from '../../shared/encoding/inbound-text.ts';
import type { KeywordStore, SaidKeyword } from '../../shared/store/control-keywords.ts';
import type { OptOutStore } from '../../shared/store/control-opt-outs.ts';
import { type AnswerDependencies, answerKeyword } from './keyword-answer.ts';

export interface KeywordDependencies extends AnswerDependencies {
  keywords: Pick<KeywordStore, 'note' | 'last' | 'markObeyed' | 'takeAnswer'>;
  optOuts: Pick<OptOutStore, 'add' | 'removeUnlessNewer'>;
  account: (name: string) => ReceiptAccount | undefined;
}

/** A subscriber may say something new while what he said last is being done. */
const MOST_WORDS = 10;

/**
 * Does what a subscriber asks for by a message that is one word: opts him out or in, and says so where an answer is
 * configured. Done twice it does no more, and an older word never undoes a later one, whichever comes here first.
 */
export async function obeyKeyword(message: InboundMessage, dependencies: KeywordDependencies): Promise<void> {
  const account = dependencies.account(message.account);
  if (account === undefined) return;
  const said = saidIn(message, account.keywords);
  if (said === undefined) return;
  const standing = await dependencies.keywords.note(said);
  const { messageId, kind } = said;
  dependencies.log.info('a subscriber asked by a word', { account: account.name, messageId, kind, standing });
  if (standing === 'older') return;
  // A record may come again after hours, and somebody may have changed the opt-out by the API meanwhile.
  if (standing === 'last') await doLast(said, account.keywords, dependencies);
  await answerKeyword({ said, message, keywords: account.keywords }, dependencies);
}

function saidIn(message: InboundMessage, keywords: Keywords): SaidKeyword | undefined {
  const number = normalizeNumber(message.from);
  if (!isComplete(message) || number.kind !== 'ok') return undefined;
  const kind = keywordOf(inboundText(message).text ?? '', keywords);
  if (kind === undefined) return undefined;
  const { account, messageId, at } = message;
  return { account, number: number.e164, kind, messageId, at };
}

/** Whoever does a word looks afterwards whether it is still the last: else he who did a later one may have been overtaken. */
async function doLast(
  { account, number }: SaidKeyword,
  { scope }: Keywords,
  { keywords, optOuts }: KeywordDependencies,
): Promise<void> {
  let done: SaidKeyword | undefined;
  for (let word = 0; word < MOST_WORDS; word += 1) {
    const last = await keywords.last(account, number);
    if (last === undefined) return;
    if (last.messageId === done?.messageId) return await keywords.markObeyed(last);
    if (last.kind === 'stop') await optOuts.add({ account, number, scope, source: 'stop_word' }, last.at);
    else await optOuts.removeUnlessNewer(account, number, last.at);
    done = last;
  }
  throw new Error(`more than ${MOST_WORDS} words of one subscriber while the first was being done`);
}
