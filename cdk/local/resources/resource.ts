import type { StackContext } from '../context.ts';

/** How the rest of the template sees a deployed resource. */
export interface Identity {
  /** What `Ref` answers. */
  ref: string;
  /** What `Fn::GetAtt` answers, by attribute. */
  attributes: Readonly<Record<string, string>>;
  /** Answers for any other attribute; without it the attribute is unknown. */
  inventAttribute?: (attribute: string) => string;
}

/** A resource of the template, its properties resolved. */
export interface Resource<P = Record<string, unknown>> {
  logicalId: string;
  type: string;
  properties: P;
}

/** Text of a value that CloudFormation may hold as text, number or boolean; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/**
 * How one type of resource is brought to life on this machine. What the template may say about it is declared in full: a property
 * that is neither honoured nor knowingly ignored is reported, because it would behave otherwise on AWS.
 */
export interface ResourceFamily {
  type: string;
  /** Paths of honoured properties, lists without index: `ContainerDefinitions.Image`. A path covers everything below it. */
  honours: readonly string[];
  /** Paths of properties that are left out here, with the reason. */
  ignores: Readonly<Record<string, string>>;
  deploy(resource: Resource, context: StackContext): Promise<Identity>;
}

/** Something in the template that would behave otherwise on AWS than here. */
export interface Finding {
  logicalId: string;
  type: string;
  /** Path of the property; absent when the whole type is meant. */
  property?: string;
  message: string;
}

export function describeFinding({ logicalId, type, property, message }: Finding): string {
  return `${logicalId} (${type})${property === undefined ? '' : ` ${property}`}: ${message}`;
}

/** The paths of a value that a family did not declare, most general first. */
export function undeclaredProperties(
  family: Pick<ResourceFamily, 'honours' | 'ignores'>,
  properties: Record<string, unknown>,
): string[] {
  const declared = [...family.honours, ...Object.keys(family.ignores)];
  const covered = new Set(declared);
  const visit = (value: unknown, path: string): string[] => {
    if (covered.has(path)) return [];
    if (path !== '' && !declared.some((other) => other.startsWith(`${path}.`))) return [path];
    if (Array.isArray(value)) return value.flatMap((item) => visit(item, path));
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => visit(item, path === '' ? key : `${path}.${key}`));
  };
  return [...new Set(visit(properties, ''))];
}

/** Tells the policies with which key of the customer a resource is encrypted, where it is: not every service needs one. */
export function useKey(resourceArn: string, keyArn: unknown, { aws }: StackContext): void {
  if (typeof keyArn === 'string' && keyArn.startsWith('arn:')) aws.policies.encryptWith(resourceArn, keyArn);
}
