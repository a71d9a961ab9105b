import type { ApiKey } from '../../shared/domain/api-key.ts';
import type { Message } from '../../shared/domain/message.ts';
import { isMessageId } from '../../shared/domain/message-id.ts';
import { reaches } from '../../shared/domain/reach.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import { Refusal } from './refusal.ts';

/** What is out of reach is not there at all: a refusal would say that it exists. @throws Refusal */
export async function messageInReach(
  id: string,
  caller: ApiKey,
  messages: Pick<MessageStore, 'get'>,
): Promise<Message> {
  const message = isMessageId(id) ? await messages.get(id) : undefined;
  if (message === undefined || !reaches(caller, message)) throw noSuchMessage();
  return message;
}

export function noSuchMessage(): Refusal {
  return new Refusal({ code: 'not_found', detail: 'there is no message with this id' });
}
