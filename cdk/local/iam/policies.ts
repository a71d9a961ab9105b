import { AccessDenied } from './denial.ts';
import { type Decision, type Demand, evaluate } from './evaluate.ts';
import { KEY_OF_ACCOUNT, keyDemands } from './keys.ts';
import { actionPattern, type Pattern, resourcePattern } from './patterns.ts';
import { PolicyError } from './policy-error.ts';
import { contextOf, type Principal, roleArn } from './principals.ts';
import { type Right, rightsOf, rightUsed } from './rights.ts';
import { identityStatements, resourceStatements, type Statement } from './statements.ts';

/** What only the resource's own policy can open; elsewhere an allowance of the caller's is enough. */
const RESOURCE_DECIDES = /^(kms|sts):/;

/** A table's policy speaks of its indexes as well; its stream has one of its own. */
const withoutIndex = (arn: string): string => arn.replace(/^(arn:aws:dynamodb:.*:table\/[^/]+)\/index\/.*$/, '$1');

/** The table that an index or a stream is of; anything else is itself. */
const whole = (arn: string): string => arn.replace(/^(arn:aws:dynamodb:.*:table\/[^/]+)\/.*$/, '$1');

/** What was taken from a role. */
interface Withdrawal {
  role: string;
  action: Pattern;
  resource: Pattern;
}

/** Every policy of the stack: what roles may do, and what resources let be done with them. */
export class Policies {
  /** Statements of each role, by its name. */
  readonly #roles = new Map<string, Statement[]>();
  /** Statements of each resource, by its ARN. */
  readonly #resources = new Map<string, Statement[]>();
  /** ARNs of the customer's keys, by the ARN of what is encrypted with them. */
  readonly #keys = new Map<string, string>();
  readonly #grantees = new Map<Statement, string>();
  readonly #withdrawals = new Set<Withdrawal>();
  /** The same is asked again and again, and policies hardly change once the stack is deployed. */
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

  /** Says which key of the customer a resource is encrypted with; a key whose policy is not known leaves the choice to the account's. */
  encryptWith(resourceArn: string, keyArn: string): void {
    this.#keys.set(resourceArn, keyArn);
    if (!this.#resources.has(keyArn)) this.#resources.set(keyArn, resourceStatements(KEY_OF_ACCOUNT, keyArn));
  }

  /** A demand with those that the resource's key makes of it. */
  withKeys(demand: Demand): Demand[] {
    const keyArn = this.#keys.get(whole(demand.resource));
    return keyArn === undefined ? [demand] : [demand, ...keyDemands(demand.action, keyArn)];
  }

  /**
   * Takes an action from a role while the stack runs, as somebody does who edits its policies.
   * @param resource pattern of the ARNs on which it is taken
   * @returns gives it back
   * @throws PolicyError where the role never had it
   */
  withdraw(role: string, action: string, resource = '*'): () => void {
    const withdrawal = { role, action: actionPattern(action), resource: resourcePattern(resource) };
    const had = this.#roles.get(role)?.some(({ effect, actions }) => {
      return effect === 'Allow' && actions.some((pattern) => pattern.matches(action));
    });
    if (had !== true) throw new PolicyError(`${role} has no right to ${action}`);
    this.#withdrawals.add(withdrawal);
    this.#decisions.clear();
    return () => {
      this.#withdrawals.delete(withdrawal);
      this.#decisions.clear();
    };
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
    return evaluate(
      { ...demand, principal, context: { ...contextOf(principal), ...demand.context } },
      {
        identity: this.#identityOf(principal, demand),
        resource: this.#resources.get(withoutIndex(demand.resource)) ?? [],
        resourceDecides: principal.kind === 'service' || RESOURCE_DECIDES.test(demand.action),
      },
    );
  }

  #identityOf({ kind, name }: Principal, { action, resource }: Demand): readonly Statement[] {
    const statements = kind === 'role' ? (this.#roles.get(name) ?? []) : [];
    const withdrawn = [...this.#withdrawals].some(
      (taken) => taken.role === name && taken.action.matches(action) && taken.resource.matches(resource),
    );
    return withdrawn ? statements.filter(({ effect }) => effect === 'Deny') : statements;
  }
}
