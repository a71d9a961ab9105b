import type { Decision, Request } from './evaluate.ts';
import { callerArn } from './principals.ts';

/** A request that the policies do not allow. The message is AWS's own. */
export class AccessDenied extends Error {
  readonly code = 'access_denied';

  constructor(request: Request, { explicitly, policy }: Extract<Decision, { kind: 'denied' }>) {
    const { principal, resource } = request;
    const action = asWritten(request.action);
    const article = policy === 'identity-based' ? 'an' : 'a';
    const reason = explicitly
      ? `with an explicit deny in ${article} ${policy} policy`
      : `because no ${policy} policy allows the ${action} action`;
    super(`User: ${callerArn(principal)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`);
  }
}

/** SQS writes the names of its actions in small letters. */
function asWritten(action: string): string {
  return action.startsWith('sqs:') ? action.toLowerCase() : action;
}
