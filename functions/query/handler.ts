import { presentMessage } from '../../shared/contracts/message.ts';
import { mayUse } from '../../shared/domain/api-key.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import { requireScope } from '../middleware/check.ts';
import { type HttpDependencies, type HttpHandler, httpHandler } from '../middleware/http.ts';
import { Refusal } from '../middleware/refusal.ts';

export interface QueryDependencies extends HttpDependencies {
  messages: Pick<MessageStore, 'get'>;
}

const MESSAGE_ID = /^msg_[0-9A-HJKMNP-TV-Z]{26}$/;

/** `GET /v1/messages/{id}` */
export function queryHandler(dependencies: QueryDependencies): HttpHandler {
  return httpHandler(dependencies, async ({ caller, parameters }) => {
    requireScope(caller, 'messages:read');
    const id = parameters['id'] ?? '';
    const message = MESSAGE_ID.test(id) ? await dependencies.messages.get(id) : undefined;
    // Another account's message is not there at all: a refusal would say that it exists.
    if (message === undefined || (caller.account !== undefined && caller.account !== message.account)) {
      throw new Refusal({ code: 'not_found', detail: 'there is no message with this id' });
    }
    return { status: 200, body: presentMessage(message, { withText: mayUse(caller, 'messages:read_body') }) };
  });
}
