import type { ApiKey, Scope } from '../../shared/domain/api-key.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { requireScope } from '../middleware/check.ts';
import { type HttpDependencies, type HttpHandler, httpHandler } from '../middleware/http.ts';
import { Refusal } from '../middleware/refusal.ts';
import { type CallbackDependencies, enableCallbackHost, rotateCallbacks, showCallbacks } from './callbacks.ts';
import { type EraseDependencies, eraseRecipient } from './erase-recipient.ts';
import { type FeedbackDependencies, giveFeedback } from './feedback.ts';
import { rotateKey } from './key-rotation.ts';
import { createKey, type KeyDependencies, listKeys, revokeKey } from './keys.ts';
import { exportOptOuts, importOptOuts } from './opt-out-lists.ts';
import { addOptOut, listOptOuts, type OptOutDependencies, removeOptOut } from './opt-outs.ts';
import { listAttempts, testEndpoint } from './webhook-attempts.ts';
import { changeEndpoint, createEndpoint, deleteEndpoint, listEndpoints, showEndpoint } from './webhook-endpoints.ts';
import { type ReplayDependencies, replayEvents } from './webhook-replay.ts';
import { rotateEndpoint } from './webhook-rotation.ts';

export type ManageDependencies = HttpDependencies &
  KeyDependencies &
  ReplayDependencies &
  OptOutDependencies &
  CallbackDependencies &
  FeedbackDependencies &
  EraseDependencies;

interface Operation {
  /** Absent where it depends on what the request is about. */
  scope?: Scope;
  run: (call: HttpCall, dependencies: ManageDependencies) => Promise<HttpAnswer>;
}

/** By the name that API Gateway gives a route. */
const OPERATIONS = new Map<string, Operation>([
  ['POST /v1/messages/{id}/feedback', { run: giveFeedback }],
  ['POST /v1/keys', { scope: 'admin', run: createKey }],
  ['GET /v1/keys', { scope: 'admin', run: listKeys }],
  ['DELETE /v1/keys/{id}', { scope: 'admin', run: revokeKey }],
  ['POST /v1/keys/{id}/rotate', { scope: 'admin', run: rotateKey }],
  ['POST /v1/webhook-endpoints', { scope: 'webhooks', run: createEndpoint }],
  ['GET /v1/webhook-endpoints', { scope: 'webhooks', run: listEndpoints }],
  ['GET /v1/webhook-endpoints/{id}', { scope: 'webhooks', run: showEndpoint }],
  ['PATCH /v1/webhook-endpoints/{id}', { scope: 'webhooks', run: changeEndpoint }],
  ['DELETE /v1/webhook-endpoints/{id}', { scope: 'webhooks', run: deleteEndpoint }],
  ['POST /v1/webhook-endpoints/{id}/rotate', { scope: 'webhooks', run: rotateEndpoint }],
  ['GET /v1/webhook-endpoints/{id}/attempts', { scope: 'webhooks', run: listAttempts }],
  ['POST /v1/webhook-endpoints/{id}/test', { scope: 'webhooks', run: testEndpoint }],
  ['POST /v1/webhook-endpoints/{id}/replay', { scope: 'webhooks', run: replayEvents }],
  ['GET /v1/callbacks', { scope: 'webhooks', run: showCallbacks }],
  ['POST /v1/callbacks/enable', { scope: 'webhooks', run: enableCallbackHost }],
  ['POST /v1/callbacks/rotate', { scope: 'webhooks', run: rotateCallbacks }],
  ['POST /v1/recipients/erase', { scope: 'admin', run: eraseRecipient }],
  ['POST /v1/opt-outs', { scope: 'optouts', run: addOptOut }],
  ['GET /v1/opt-outs', { scope: 'optouts', run: listOptOuts }],
  ['POST /v1/opt-outs/import', { scope: 'optouts', run: importOptOuts }],
  ['GET /v1/opt-outs/export', { scope: 'optouts', run: exportOptOuts }],
  ['DELETE /v1/opt-outs/{number}', { scope: 'optouts', run: removeOptOut }],
]);

/** API keys, webhook endpoints, callbacks, opt-outs, and what is known of a recipient. */
export function manageHandler(dependencies: ManageDependencies): HttpHandler {
  return httpHandler(dependencies, async (call) => {
    const operation = OPERATIONS.get(call.route);
    if (operation === undefined) throw new TypeError(`no operation for the route '${call.route}'`);
    if (operation.scope !== undefined) requireScope(call.caller, operation.scope);
    if (operation.scope === 'webhooks') refuseOneAccount(call.caller);
    return await operation.run(call, dependencies);
  });
}

/** Endpoints are the whole deployment's: each is told of the messages of all accounts. @throws Refusal */
function refuseOneAccount({ account }: ApiKey): void {
  if (account === undefined) return;
  throw new Refusal({
    code: 'missing_scope',
    detail: 'webhook endpoints are told of the messages of all accounts, and this key belongs to one',
  });
}
