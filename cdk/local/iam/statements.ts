import { type Condition, compileCondition } from './conditions.ts';
import { actionPattern, type Pattern, resourcePattern } from './patterns.ts';
import { PolicyError } from './policy-error.ts';
import { compilePrincipals, type NamedPrincipals } from './principals.ts';

/** A statement of a policy, ready to be held against requests. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  actions: readonly Pattern[];
  resources: readonly Pattern[];
  condition: Condition;
  /** Only policies of resources and of trust have it. */
  principals?: NamedPrincipals;
}

const ELEMENTS: ReadonlySet<string> = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition']);

function texts(value: unknown, element: string): string[] {
  const list = [value].flat();
  if (list.length > 0 && list.every((text) => typeof text === 'string')) return list;
  throw new PolicyError(`a statement's ${element} is no text and no list of texts`);
}

function compile(source: Record<string, unknown>, own: { resource?: string; principal: boolean }): Statement {
  for (const element of Object.keys(source)) {
    if (!ELEMENTS.has(element)) throw new PolicyError(`the element ${element} of a statement is not known here`);
  }
  const { Effect: effect, Principal: principal } = source;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError(`a statement has the effect ${String(effect)}`);
  if ((principal !== undefined) !== own.principal) {
    throw new PolicyError(
      `a statement ${own.principal ? 'of a resource lacks its' : 'of an identity has a'} principal`,
    );
  }
  return {
    effect,
    actions: texts(source['Action'], 'Action').map(actionPattern),
    resources: texts(source['Resource'] ?? own.resource, 'Resource').map(resourcePattern),
    condition: compileCondition(source['Condition']),
    ...(own.principal && { principals: compilePrincipals(principal) }),
  };
}

function statementsOf(document: unknown): Record<string, unknown>[] {
  const { Version: version, Statement: statement } = (document ?? {}) as { Version?: string; Statement?: unknown };
  if (version !== '2012-10-17') throw new PolicyError(`a policy of version ${version} is not known here`);
  return [statement].flat() as Record<string, unknown>[];
}

/**
 * The statements of a policy that a role has.
 * @throws PolicyError for whatever is not understood to the last word
 */
export function identityStatements(document: unknown): Statement[] {
  return statementsOf(document).map((source) => compile(source, { principal: false }));
}

/**
 * The statements of a policy that a resource has, or that says who may assume a role. Without a `Resource` they are about the one that has it.
 * @throws PolicyError for whatever is not understood to the last word
 */
export function resourceStatements(document: unknown, resourceArn: string): Statement[] {
  return statementsOf(document).map((source) => compile(source, { principal: true, resource: resourceArn }));
}
