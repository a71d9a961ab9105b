import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PlacedReason } from './assembly.ts';
import type { StackContext } from './context.ts';
import type { Deployment } from './deploy.ts';
import type { Right } from './iam/rights.ts';

/** A line of a record. Roles and resources are called by their place in the stack, so that records of several stacks agree. */
export type GrantLine =
  | { kind: 'granted'; right: Right }
  | { kind: 'used'; right: Right }
  | { kind: 'reason'; reason: PlacedReason };

const withoutEnd = (path: string): string => path.replace(/\/Resource$/, '');

/** Writes an ARN of a policy as the place of its resource, and what follows it: `Storage/Messages/Table/index/due`. */
function placeNames({ assembly }: StackContext, { arns }: Deployment): (text: string) => string {
  // The longest first: one resource's ARN may begin like another's.
  const known = [...arns].sort(([a], [b]) => b.length - a.length);
  const place = (name: string): string => {
    const [logicalId = '', attribute] = name.split('.');
    const path = withoutEnd(assembly.paths.get(logicalId) ?? logicalId);
    return attribute === undefined ? path : `${path}.${attribute}`;
  };
  return (text) => {
    const found = known.find(([arn]) => text === arn || text.startsWith(`${arn}/`));
    return found === undefined ? text : `${place(found[1])}${text.slice(found[0].length)}`;
  };
}

/** Writes down what the stack's policies allow, at once, and each right that is used, when it is used first. */
export function recordGrants(folder: string, context: StackContext, deployment: Deployment): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${process.pid}-${Date.now()}.jsonl`);
  const write = (...lines: GrantLine[]): void =>
    appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const named = placeNames(context, deployment);
  const roles = new Map([...context.assembly.paths].map(([logicalId, path]) => [logicalId, withoutEnd(path)]));
  const inPlace = ({ grantee, action, resource }: Right): Right => ({
    grantee: grantee.replace(
      /^(policy of )?(.+)$/,
      (_, policy = '', who: string) => `${policy}${roles.get(who) ?? named(who)}`,
    ),
    action,
    resource: named(resource),
  });
  const { policies } = context.aws;
  write(...context.assembly.wildcardReasons.map((reason) => ({ kind: 'reason', reason }) as const));
  write(...policies.rights().map((right) => ({ kind: 'granted', right: inPlace(right) }) as const));
  policies.onUse((right) => write({ kind: 'used', right: inPlace(right) }));
}
