import type { RequestContext } from './conditions.ts';
import type { Naming, Principal } from './principals.ts';
import type { Statement } from './statements.ts';

/** One right that a call needs. */
export interface Demand {
  /** E.g. `dynamodb:PutItem`. */
  action: string;
  /** ARN, or `*` where the action knows no resource. */
  resource: string;
  context?: RequestContext;
}

export interface Request extends Demand {
  principal: Principal;
  context: RequestContext;
}

export interface ApplicablePolicies {
  /** Of the caller. */
  identity: readonly Statement[];
  /** Of the resource. */
  resource: readonly Statement[];
  /** True for what only the resource's own policy can open: keys, functions that services call, roles to assume. */
  resourceDecides: boolean;
}

type PolicyKind = 'identity-based' | 'resource-based';

export type Decision =
  | { kind: 'allowed'; by: readonly Statement[] }
  | { kind: 'denied'; explicitly: boolean; policy: PolicyKind };

function speaksOf({ actions, resources, condition }: Statement, request: Request): boolean {
  return (
    actions.some((pattern) => pattern.matches(request.action)) &&
    resources.some((pattern) => pattern.matches(request.resource)) &&
    condition(request.context)
  );
}

const naming = ({ principals }: Statement, { principal }: Request): Naming => principals?.(principal);

/**
 * Decides as AWS does within one account: an explicit denial beats all, then any allowance of caller or resource will do; nothing
 * said is a denial. A key's policy must allow, too, itself or by naming the account.
 */
export function evaluate(request: Request, policies: ApplicablePolicies): Decision {
  const identity = policies.identity.filter((statement) => speaksOf(statement, request));
  const resource = policies.resource.filter(
    (statement) => naming(statement, request) !== undefined && speaksOf(statement, request),
  );
  const denies = ({ effect }: Statement): boolean => effect === 'Deny';
  if (identity.some(denies)) return { kind: 'denied', explicitly: true, policy: 'identity-based' };
  if (resource.some(denies)) return { kind: 'denied', explicitly: true, policy: 'resource-based' };

  const direct = resource.filter((statement) => naming(statement, request) === 'caller');
  const delegating = resource.filter((statement) => naming(statement, request) === 'account');
  const enough = policies.resourceDecides && delegating.length === 0 ? [] : identity;
  const by = [...direct, ...enough];
  if (by.length > 0) return { kind: 'allowed', by };
  const opened = !policies.resourceDecides || delegating.length > 0;
  return { kind: 'denied', explicitly: false, policy: opened ? 'identity-based' : 'resource-based' };
}
