import { presentMessage } from '../../shared/contracts/message.ts';
import { messageListQuerySchema } from '../../shared/contracts/message-list.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { isMessageId } from '../../shared/domain/message-id.ts';
import { reaches } from '../../shared/domain/reach.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { HttpAnswer } from '../middleware/api-event.ts';
import { parseQuery, requireScope } from '../middleware/check.ts';
import { type HttpDependencies, type HttpHandler, httpHandler } from '../middleware/http.ts';
import { Refusal } from '../middleware/refusal.ts';
import { requireView } from '../middleware/view.ts';
import { type InboundListDependencies, listInboundMessages } from './inbound-messages.ts';
import { type ListDependencies, listMessages } from './list.ts';

export interface QueryDependencies extends HttpDependencies, ListDependencies, InboundListDependencies {
  messages: Pick<MessageStore, 'get'>;
}

/** `GET /v1/messages` and `GET /v1/messages/{id}` */
export function queryHandler(dependencies: QueryDependencies): HttpHandler {
  return httpHandler(dependencies, async ({ caller, route, parameters, query }) => {
    switch (route) {
      case 'GET /v1/messages':
        return {
          status: 200,
          body: await listMessages(parseQuery(messageListQuerySchema, query), caller, dependencies),
        };
      case 'GET /v1/inbound-messages':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listInboundMessages(query, caller, dependencies) };
      case 'GET /v1/messages/{id}':
        return await showMessage(parameters['id'] ?? '', caller, dependencies);
      default:
        throw new TypeError(`no operation for ${route}`);
    }
  });
}

async function showMessage(id: string, caller: ApiKey, { messages }: QueryDependencies): Promise<HttpAnswer> {
  const view = requireView(caller);
  const message = isMessageId(id) ? await messages.get(id) : undefined;
  // What is out of reach is not there at all: a refusal would say that it exists.
  if (message === undefined || !reaches(caller, message)) {
    throw new Refusal({ code: 'not_found', detail: 'there is no message with this id' });
  }
  return { status: 200, body: presentMessage(message, view) };
}
