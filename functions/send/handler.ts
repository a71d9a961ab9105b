import type { ApiAccount } from '../../shared/config/environment.ts';
import { presentMessage } from '../../shared/contracts/message.ts';
import { messageRequestSchema } from '../../shared/contracts/message-request.ts';
import { type ApiKey, mayUse } from '../../shared/domain/api-key.ts';
import { parseBody, requireScope } from '../middleware/check.ts';
import { type HttpDependencies, type HttpHandler, httpHandler } from '../middleware/http.ts';
import { Refusal } from '../middleware/refusal.ts';
import { type AcceptDependencies, acceptMessage } from './accept.ts';
import type { Fault } from './meaning.ts';

export interface SendDependencies extends AcceptDependencies, HttpDependencies {
  /** The first is the one of keys that name none. */
  accounts: readonly ApiAccount[];
}

/** `POST /v1/messages` */
export function sendHandler(dependencies: SendDependencies): HttpHandler {
  return httpHandler(dependencies, async ({ caller, body }) => {
    const request = parseBody(messageRequestSchema, body);
    requireScope(caller, request.lane === 'otp' ? 'messages:send:otp' : 'messages:send');
    const account = accountOf(caller, dependencies.accounts);
    const result = await acceptMessage(request, { caller, account }, dependencies);
    switch (result.kind) {
      case 'accepted':
        return {
          status: 202,
          body: presentMessage(result.message, { withText: mayUse(caller, 'messages:read_body') }),
        };
      case 'refused':
        throw refusal(result.faults);
    }
  });
}

function accountOf(caller: ApiKey, accounts: readonly ApiAccount[]): ApiAccount {
  const account = caller.account === undefined ? accounts[0] : accounts.find(({ name }) => name === caller.account);
  if (account !== undefined) return account;
  throw new Refusal({ code: 'account_not_allowed', detail: 'the account of this key is not part of this deployment' });
}

function refusal(faults: Fault[]): Refusal {
  const [first] = faults;
  if (first === undefined) throw new TypeError('refused without a reason');
  const detail =
    faults.length === 1 ? `${first.pointer}: ${first.detail}` : `${faults.length} fields cannot be accepted`;
  return new Refusal({ code: first.code, detail, errors: faults });
}
