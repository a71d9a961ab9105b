import type { Lane } from '../../shared/config/account.ts';
import { type ApiKey, mayUse } from '../../shared/domain/api-key.ts';
import { requireScope } from './check.ts';

/** @param lane without it any right to send will do. @throws Refusal */
export function requireSendScope(caller: ApiKey, lane?: Lane): void {
  if (lane === undefined && mayUse(caller, 'messages:send:otp')) return;
  requireScope(caller, lane === 'otp' ? 'messages:send:otp' : 'messages:send');
}
