import { ACCOUNT_ID, PARTITION } from '../aws/arn.ts';
import type { RequestContext } from './conditions.ts';
import { PolicyError } from './policy-error.ts';

/** Who asks. */
export type Principal =
  | { kind: 'role'; name: string; session: string }
  /** A service of AWS, on behalf of a resource. */
  | { kind: 'service'; name: string; sourceArn?: string };

/** How a policy names the caller: itself, or only the account, which then leaves the choice to the caller's own policies. */
export type Naming = 'caller' | 'account' | undefined;

export type NamedPrincipals = (principal: Principal) => Naming;

const ACCOUNT_ROOT = `arn:${PARTITION}:iam::${ACCOUNT_ID}:root`;

export const roleArn = (name: string): string => `arn:${PARTITION}:iam::${ACCOUNT_ID}:role/${name}`;

/** A program under a role. Its session has its name, as on AWS. */
export function rolePrincipal(name: string, program: string): Principal {
  return { kind: 'role', name, session: program.replaceAll('/', '-') };
}

/** The name in a role's ARN; undefined for anything else. */
export function roleNameOf(arn: unknown): string | undefined {
  return /^arn:[^:]+:iam::\d+:role\/(.+)$/.exec(String(arn))?.[1];
}

/** The caller as AWS names it in a denial. */
export function callerArn(principal: Principal): string {
  if (principal.kind === 'service') return principal.name;
  return `arn:${PARTITION}:sts::${ACCOUNT_ID}:assumed-role/${principal.name}/${principal.session}`;
}

/** What every request says of its caller. Calls on this machine count as encrypted: on AWS they are, and TLS-only policies would deny all. */
export function contextOf(principal: Principal): RequestContext {
  const common = {
    'aws:securetransport': ['true'],
    'aws:principalisawsservice': [String(principal.kind === 'service')],
  };
  if (principal.kind === 'role') {
    return { ...common, 'aws:principalarn': [roleArn(principal.name)], 'aws:principalaccount': [ACCOUNT_ID] };
  }
  const { sourceArn } = principal;
  return { ...common, 'aws:sourceaccount': [ACCOUNT_ID], ...(sourceArn && { 'aws:sourcearn': [sourceArn] }) };
}

function namesRole(text: string, principal: Principal): Naming {
  if (text === '*') return 'caller';
  if (principal.kind !== 'role') return undefined;
  if (text === ACCOUNT_ROOT || text === ACCOUNT_ID) return 'account';
  return text === roleArn(principal.name) || text === callerArn(principal) ? 'caller' : undefined;
}

const namesService = (text: string, { kind, name }: Principal): Naming =>
  kind === 'service' && text === name ? 'caller' : undefined;

const KINDS: Readonly<Record<string, (text: string, principal: Principal) => Naming>> = {
  AWS: namesRole,
  Service: namesService,
};

/**
 * A statement's `Principal`. Services are named with their short names here, e.g. `events.amazonaws.com`.
 * @throws PolicyError for a kind that is not known
 */
export function compilePrincipals(element: unknown): NamedPrincipals {
  if (element === '*') return () => 'caller';
  const tests = Object.entries((element ?? {}) as Record<string, unknown>).flatMap(([kind, texts]) => {
    const names = KINDS[kind];
    if (names === undefined) throw new PolicyError(`principals of the kind ${kind} are not known here`);
    return [texts].flat().map((text) => (principal: Principal) => names(String(text), principal));
  });
  return (principal) => {
    const namings = tests.map((test) => test(principal));
    return namings.find((naming) => naming === 'caller') ?? namings.find((naming) => naming !== undefined);
  };
}
