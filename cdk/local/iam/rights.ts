import type { Demand } from './evaluate.ts';
import type { Statement } from './statements.ts';

/** One action on one resource, both as a policy allows them, to a role or by the policy of a resource. */
export interface Right {
  grantee: string;
  action: string;
  resource: string;
}

/** What a statement allows, one by one. */
export function rightsOf(grantee: string, { effect, actions, resources }: Statement): Right[] {
  if (effect === 'Deny') return [];
  return actions.flatMap((action) =>
    resources.map((resource) => ({ grantee, action: action.text, resource: resource.text })),
  );
}

/** Which right of a statement that allowed a demand was used. */
export function rightUsed(grantee: string, { actions, resources }: Statement, demand: Demand): Right {
  const action = actions.find((pattern) => pattern.matches(demand.action));
  const resource = resources.find((pattern) => pattern.matches(demand.resource));
  return { grantee, action: action?.text ?? demand.action, resource: resource?.text ?? demand.resource };
}
