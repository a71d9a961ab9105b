import type { Assembly, TemplateResource } from './assembly.ts';
import { ACCOUNT_ID, PARTITION, REGION } from './aws/arn.ts';
import type { StackContext } from './context.ts';
import { deploymentOrder } from './dependencies.ts';
import { NO_VALUE, resolve, type Scope, TemplateError } from './intrinsics.ts';
import { FAMILIES } from './resources/families.ts';
import {
  describeFinding,
  type Finding,
  type Identity,
  type Resource,
  undeclaredProperties,
} from './resources/resource.ts';
import { identityWithoutEffect, WITHOUT_EFFECT } from './resources/without-effect.ts';

/** The template says something that would behave otherwise on AWS, and nobody may overlook it. */
export class UnsupportedTemplateError extends Error {
  readonly code = 'template_unsupported';
  readonly findings: readonly Finding[];
  constructor(findings: readonly Finding[]) {
    super(
      `the local stack can't run this template as AWS would:\n${findings.map((f) => `  - ${describeFinding(f)}`).join('\n')}`,
    );
    this.findings = findings;
  }
}

/** A resource could not be made. */
export class DeployError extends Error {
  readonly code = 'deploy_failed';
}

export interface Deployment {
  /** Outputs of the template, resolved. */
  outputs: Record<string, string>;
  /** Everything that was deployed, by logical id, intrinsics resolved. */
  resources: ReadonlyMap<string, Resource>;
  /** Logical id and attribute that each ARN belongs to, e.g. `Table.StreamArn`; for a resource's own ARN the logical id alone. */
  arns: ReadonlyMap<string, string>;
}

const PSEUDO_PARAMETERS: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': ACCOUNT_ID,
  'AWS::Partition': PARTITION,
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NotificationARNs': [],
  'AWS::NoValue': NO_VALUE,
};

/** Everything that a value of the template may refer to, as far as it is deployed. */
class TemplateScope implements Scope {
  readonly #assembly: Assembly;
  readonly #identities = new Map<string, Identity>();

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
  }

  add(logicalId: string, identity: Identity): void {
    this.#identities.set(logicalId, identity);
  }

  /** What every ARN that may stand in a policy is called in the template. */
  arns(): Map<string, string> {
    const names = new Map<string, string>();
    for (const [logicalId, { ref, attributes }] of this.#identities) {
      for (const [attribute, value] of [...Object.entries(attributes), ['Arn', ref] as const]) {
        if (value.startsWith('arn:')) names.set(value, attribute === 'Arn' ? logicalId : `${logicalId}.${attribute}`);
      }
    }
    return names;
  }

  ref(name: string): unknown {
    const { stackName, template } = this.#assembly;
    if (name === 'AWS::StackName') return stackName;
    if (name === 'AWS::StackId')
      return `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${stackName}/local`;
    if (Object.hasOwn(PSEUDO_PARAMETERS, name)) return PSEUDO_PARAMETERS[name];
    const parameter = template.Parameters?.[name];
    if (parameter !== undefined) return parameter.Default ?? '';
    return this.#identity(name).ref;
  }

  getAtt(logicalId: string, attribute: string): unknown {
    const identity = this.#identity(logicalId);
    const value = identity.attributes[attribute] ?? identity.inventAttribute?.(attribute);
    if (value === undefined) throw new TemplateError(`${logicalId} has no attribute ${attribute} here`);
    return value;
  }

  condition(name: string): boolean {
    const condition = this.#assembly.template.Conditions?.[name];
    if (condition === undefined) throw new TemplateError(`the template has no condition ${name}`);
    return resolve(condition, this) === true;
  }

  mapping(map: string, first: string, second: string): unknown {
    const value = this.#assembly.template.Mappings?.[map]?.[first]?.[second];
    if (value === undefined) throw new TemplateError(`the template has no mapping ${map}.${first}.${second}`);
    return value;
  }

  #identity(logicalId: string): Identity {
    const identity = this.#identities.get(logicalId);
    if (identity === undefined) throw new TemplateError(`nothing named ${logicalId} is deployed`);
    return identity;
  }
}

async function deployResource(resource: Resource, context: StackContext): Promise<Identity> {
  const { logicalId, type, properties } = resource;
  const family = FAMILIES.get(type);
  if (family === undefined) {
    if (!Object.hasOwn(WITHOUT_EFFECT, type)) {
      context.report({
        logicalId,
        type,
        message: 'this type of resource is not known to the local stack and does nothing here',
      });
    }
    return identityWithoutEffect(resource);
  }
  for (const property of undeclaredProperties(family, properties)) {
    context.report({
      logicalId,
      type,
      property,
      message: 'this property has no effect here, and would have one on AWS',
    });
  }
  return await family.deploy(resource, context);
}

function resolveProperties(template: TemplateResource, scope: Scope): Record<string, unknown> {
  return resolve(template.Properties ?? {}, scope) as Record<string, unknown>;
}

/**
 * Makes every resource of the template, in the order of their dependencies. Nothing runs yet: triggers, schedules and containers
 * are left in the context, to be started.
 * @throws DeployError naming the resource that could not be made
 */
export async function deploy(assembly: Assembly, context: StackContext): Promise<Deployment> {
  const scope = new TemplateScope(assembly);
  const resources = new Map<string, Resource>();
  for (const logicalId of deploymentOrder(assembly.template)) {
    const template = assembly.template.Resources[logicalId];
    if (template === undefined) continue;
    if (template.Condition !== undefined && !scope.condition(template.Condition)) continue;
    try {
      const resource = { logicalId, type: template.Type, properties: resolveProperties(template, scope) };
      resources.set(logicalId, resource);
      scope.add(logicalId, await deployResource(resource, context));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DeployError(`${logicalId} (${template.Type}) could not be deployed: ${reason}`, { cause });
    }
  }
  const outputs = Object.entries(assembly.template.Outputs ?? {})
    .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
    .map(([name, { Value }]) => [name, String(resolve(Value, scope))]);
  return { outputs: Object.fromEntries(outputs) as Record<string, string>, resources, arns: scope.arns() };
}
