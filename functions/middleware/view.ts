import type { MessageView } from '../../shared/contracts/message.ts';
import { type ApiKey, mayUse } from '../../shared/domain/api-key.ts';
import { requireScope } from './check.ts';

/** What a key sees of a message: the number with messages:read, the text with messages:read_body. */
export function viewOf(caller: ApiKey): MessageView {
  return { withText: mayUse(caller, 'messages:read_body'), withNumber: mayUse(caller, 'messages:read') };
}

/** @throws Refusal where the key may see no messages, not even without their numbers */
export function requireView(caller: ApiKey): MessageView {
  if (!mayUse(caller, 'messages:read_masked')) requireScope(caller, 'messages:read');
  return viewOf(caller);
}
