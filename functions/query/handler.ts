import { presentMessage } from '../../shared/contracts/message.ts';
import { messageListQuerySchema } from '../../shared/contracts/message-list.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { expectedWaitSeconds } from '../../shared/domain/expected-wait.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { HttpAnswer } from '../middleware/api-event.ts';
import { parseQuery, requireScope } from '../middleware/check.ts';
import { type HttpDependencies, type HttpHandler, httpHandler } from '../middleware/http.ts';
import { messageInReach } from '../middleware/message-in-reach.ts';
import { requireView } from '../middleware/view.ts';
import { type BatchQueryDependencies, listBatches, showBatch } from './batches.ts';
import { type CallbackAttemptDependencies, listCallbackAttempts } from './callback-attempts.ts';
import { type InboundListDependencies, listInboundMessages, showInboundMessage } from './inbound-messages.ts';
import { type ListDependencies, listMessages } from './list.ts';
import { listSenderUsage, type SenderUsageDependencies } from './sender-usage.ts';
import { listLanes, listStatus, type StatusDependencies } from './status.ts';
import { listUsage, type UsageDependencies } from './usage.ts';

export type QueryDependencies = HttpDependencies &
  ListDependencies &
  InboundListDependencies &
  BatchQueryDependencies &
  UsageDependencies &
  CallbackAttemptDependencies &
  SenderUsageDependencies &
  StatusDependencies & { messages: Pick<MessageStore, 'get'> };

/** Messages, batches and what came in, as they are. */
export function queryHandler(dependencies: QueryDependencies): HttpHandler {
  return httpHandler(dependencies, async ({ caller, route, parameters, query }) => {
    switch (route) {
      case 'GET /v1/messages':
        return {
          status: 200,
          body: await listMessages(parseQuery(messageListQuerySchema, query), caller, dependencies),
        };
      case 'GET /v1/usage':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listUsage(caller, dependencies) };
      case 'GET /v1/usage/senders':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listSenderUsage(query, caller, dependencies) };
      case 'GET /v1/lanes':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listLanes(caller, dependencies) };
      case 'GET /v1/status':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listStatus(caller, dependencies) };
      case 'GET /v1/inbound-messages':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listInboundMessages(query, caller, dependencies) };
      case 'GET /v1/inbound-messages/{id}':
        requireScope(caller, 'messages:read');
        return await showInboundMessage(parameters['id'] ?? '', caller, dependencies);
      case 'GET /v1/batches':
        requireView(caller);
        return { status: 200, body: await listBatches(query, caller, dependencies) };
      case 'GET /v1/batches/{id}':
        requireView(caller);
        return await showBatch(parameters['id'] ?? '', caller, dependencies);
      case 'GET /v1/messages/{id}/callback-attempts':
        requireScope(caller, 'messages:read');
        return { status: 200, body: await listCallbackAttempts({ query, caller, parameters }, dependencies) };
      case 'GET /v1/messages/{id}':
        return await showMessage(parameters['id'] ?? '', caller, dependencies);
      default:
        throw new TypeError(`no operation for ${route}`);
    }
  });
}

async function showMessage(id: string, caller: ApiKey, dependencies: QueryDependencies): Promise<HttpAnswer> {
  const view = requireView(caller);
  const message = await messageInReach(id, caller, dependencies.messages);
  return { status: 200, body: presentMessage(message, { ...view, waitSeconds: await waitOf(message, dependencies) }) };
}

async function waitOf(message: Message, { loads, accounts, now }: StatusDependencies): Promise<number | undefined> {
  const rate = accounts.find(({ name }) => name === message.account);
  if (message.status !== 'queued' || rate === undefined) return undefined;
  const load = await loads.load(message.account);
  return load && expectedWaitSeconds(message, { load, rate, now: now() });
}
