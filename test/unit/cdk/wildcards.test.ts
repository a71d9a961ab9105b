import { CfnResource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { BinderyStack } from '../../../cdk/stack.ts';
import { WILDCARD_REASON, type WildcardReason } from '../../../cdk/wildcard.ts';
import { appWith, emptyBundles } from './stack-under-test.ts';

interface Allowed {
  construct: IConstruct;
  actions: string[];
  /** What may hold a wildcard: resources, principals, sources. */
  scope: string;
}

/** Every statement that allows something, wherever in a resource it stands. */
function statementsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Effect } = value as { Effect?: string };
  if (Effect === 'Allow') return [value as Record<string, unknown>];
  return Effect === undefined ? Object.values(value).flatMap(statementsIn) : [];
}

function allowedBy(overrides: Record<string, unknown>): Allowed[] {
  const app = appWith(overrides);
  const stack = new BinderyStack(app, configurationFrom(app.node.getAllContext()), emptyBundles());
  const { Resources } = app.synth().getStackByName(stack.stackName).template as {
    Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  };
  return stack.node.findAll().flatMap((construct) => {
    if (!CfnResource.isCfnResource(construct)) return [];
    const { Type, Properties } = Resources[stack.resolve(construct.logicalId) as string] ?? {};
    const permissions = Type === 'AWS::Lambda::Permission' && Properties !== undefined ? [Properties] : [];
    // In a key's own policy a resource of `*` is that key.
    const statements = statementsIn(Properties).map(({ Resource, ...rest }) =>
      Type === 'AWS::KMS::Key' ? rest : { Resource, ...rest },
    );
    return [...permissions, ...statements].map(({ Action, ...rest }: Record<string, unknown>) => ({
      construct,
      actions: [Action].flat() as string[],
      scope: JSON.stringify(rest),
    }));
  });
}

function reasonFor(construct: IConstruct, action: string): string | undefined {
  const reasons = construct.node.scopes.flatMap(({ node }) =>
    node.metadata.filter(({ type }) => type === WILDCARD_REASON),
  );
  return reasons.map(({ data }) => data as WildcardReason).find(({ actions }) => actions.includes(action))?.reason;
}

const unexplained = (allowed: readonly Allowed[]): string[] =>
  allowed.flatMap(({ construct, actions, scope }) =>
    actions
      .filter((action) => `${action}${scope}`.includes('*') && reasonFor(construct, action) === undefined)
      .map((action) => `${construct.node.path}: ${action}`),
  );

describe('every wildcard that is allowed has its reason beside it', () => {
  test.each<[string, Record<string, unknown>]>([
    ['as shipped', {}],
    ['with a key of the customer', { encryption: { kind: 'own' } }],
  ])('%s', (_, overrides) => {
    const allowed = allowedBy(overrides);
    expect(allowed.length).toBeGreaterThan(50);
    expect(unexplained(allowed)).toEqual([]);
  });
});
