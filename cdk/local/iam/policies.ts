import { AccessDenied } from './denial.ts';
import { type Decision, type Demand, evaluate } from './evaluate.ts';
import { PolicyError } from './policy-error.ts';
import { contextOf, type Principal, roleArn } from './principals.ts';
import { type Right, rightsOf, rightUsed } from './rights.ts';
import { identityStatements, resourceStatements, type Statement } from './statements.ts';

/** What only the resource's own policy can open; elsewhere an allowance of the caller's is enough. */
const RESOURCE_DECIDES = /^(kms|sts):/;

/** A table's policy speaks of its indexes and of its stream as well. */
const withoutPart = (arn: string): string => arn.replace(/^(arn:aws:dynamodb:.*:table\/[^/]+)\/.*$/, '$1');

/** Every policy of the stack: what roles may do, and what resources let be done with them. */
export class Policies {
  /** Statements of each role, by its name. */
  readonly #roles = new Map<string, Statement[]>();
  /** Statements of each resource, by its ARN. */
  readonly #resources = new Map<string, Statement[]>();
  readonly #grantees = new Map<Statement, string>();
  /** The same is asked again and again, and policies stand still once the stack is deployed. */
  readonly #decisions = new Map<string, Decision>();
  /** What has been used so far, also before someone listened. */
  readonly #used = new Map<string, Right>();
  #onUse: (right: Right) => void = () => {};

  /** @param trust document that says who may assume the role */
  addRole(name: string, trust: unknown): void {
    this.#roles.set(name, []);
    this.protect(roleArn(name), trust);
  }

  hasRole(name: string): boolean {
    return this.#roles.has(name);
  }

  /** Gives a role what the document allows or denies. */
  attach(roleName: string, document: unknown): void {
    const statements = this.#roles.get(roleName);
    if (statements === undefined) throw new PolicyError(`${roleName} is no role of the stack`);
    this.#add(statements, identityStatements(document), roleName);
  }

  /** Gives a resource a policy, besides those that it has. */
  protect(resourceArn: string, document: unknown): void {
    const statements = this.#resources.get(resourceArn) ?? [];
    this.#resources.set(resourceArn, statements);
    this.#add(statements, resourceStatements(document, resourceArn), `policy of ${resourceArn}`);
  }

  decide(principal: Principal, demand: Demand): Decision {
    const key = JSON.stringify([principal, demand]);
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const decision = this.#evaluate(principal, demand);
    this.#decisions.set(key, decision);
    if (decision.kind === 'allowed') {
      for (const statement of decision.by) this.#use(rightUsed(this.#grantees.get(statement) ?? '', statement, demand));
    }
    return decision;
  }

  /** @throws AccessDenied */
  require(principal: Principal, demand: Demand): void {
    const decision = this.decide(principal, demand);
    if (decision.kind === 'denied') throw new AccessDenied({ ...demand, principal, context: {} }, decision);
  }

  /** Everything that is allowed to anyone. */
  rights(): Right[] {
    return [...this.#grantees].flatMap(([statement, grantee]) => rightsOf(grantee, statement));
  }

  /** @param listener hears once of each right that was or is used */
  onUse(listener: (right: Right) => void): void {
    for (const right of this.#used.values()) listener(right);
    this.#onUse = listener;
  }

  #add(statements: Statement[], more: readonly Statement[], grantee: string): void {
    for (const statement of more) this.#grantees.set(statement, grantee);
    statements.push(...more);
    this.#decisions.clear();
  }

  #use(right: Right): void {
    const key = JSON.stringify(right);
    if (this.#used.has(key)) return;
    this.#used.set(key, right);
    this.#onUse(right);
  }

  #evaluate(principal: Principal, demand: Demand): Decision {
    const { kind, name } = principal;
    return evaluate(
      { ...demand, principal, context: { ...contextOf(principal), ...demand.context } },
      {
        identity: kind === 'role' ? (this.#roles.get(name) ?? []) : [],
        resource: this.#resources.get(withoutPart(demand.resource)) ?? [],
        resourceDecides: kind === 'service' || RESOURCE_DECIDES.test(demand.action),
      },
    );
  }
}
