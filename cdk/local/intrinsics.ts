/** What the values of a template may refer to while they are resolved. */
export interface Scope {
  /** Value of `Ref` for a pseudo parameter, a parameter or a deployed resource. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  /** Truth of a condition of the template. */
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
}

/** The template uses a function or a name that the local stack does not know. */
export class TemplateError extends Error {
  readonly code = 'template_unsupported';
}

/** What `Ref: AWS::NoValue` resolves to; the property that holds it is left out. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

function list(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${name} needs a list`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${name} needs text and got ${value === undefined ? 'nothing' : JSON.stringify(value)}`);
}

function getAtt(argument: unknown, scope: Scope): unknown {
  const [logicalId = '', ...attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
  return scope.getAtt(logicalId, attribute.join('.'));
}

/** `${Name}`, `${Resource.Attribute}`, names of the second argument's map, and `${!Literal}`. */
function sub(argument: unknown, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? (argument as [string, Record<string, unknown>]) : [argument];
  return text(template, 'Fn::Sub').replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (variables !== undefined && Object.hasOwn(variables, name)) return text(resolve(variables[name], scope), name);
    return text(name.includes('.') ? getAtt(name, scope) : scope.ref(name), `\${${name}} in Fn::Sub`);
  });
}

function select(argument: unknown, scope: Scope): unknown {
  const [index, options] = list(resolve(argument, scope), 'Fn::Select');
  const chosen = list(options, 'Fn::Select')[Number(index)];
  if (chosen === undefined) throw new TemplateError(`Fn::Select has no item ${Number(index)}`);
  return chosen;
}

function join(argument: unknown, scope: Scope): string {
  const [separator, parts] = list(resolve(argument, scope), 'Fn::Join');
  return list(parts, 'Fn::Join')
    .map((part) => text(part, 'Fn::Join'))
    .join(text(separator, 'Fn::Join'));
}

function split(argument: unknown, scope: Scope): string[] {
  const [separator, whole] = list(resolve(argument, scope), 'Fn::Split');
  return text(whole, 'Fn::Split').split(text(separator, 'Fn::Split'));
}

/** Only the chosen branch is resolved: the other may name resources that do not exist. */
function choose(argument: unknown, scope: Scope): unknown {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
  return resolve(scope.condition(text(condition, 'Fn::If')) ? whenTrue : whenFalse, scope);
}

function findInMap(argument: unknown, scope: Scope): unknown {
  const [map, first, second] = list(resolve(argument, scope), 'Fn::FindInMap').map((key) => text(key, 'Fn::FindInMap'));
  return scope.mapping(map ?? '', first ?? '', second ?? '');
}

function equals(argument: unknown, scope: Scope): boolean {
  const [left, right] = list(resolve(argument, scope), 'Fn::Equals');
  return String(left) === String(right);
}

function truths(argument: unknown, scope: Scope): boolean[] {
  return list(resolve(argument, scope), 'a condition').map((value) => value === true || value === 'true');
}

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (name, scope) => scope.ref(text(name, 'Ref')),
  Condition: (name, scope) => scope.condition(text(name, 'Condition')),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Split': split,
  'Fn::Select': select,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::Equals': equals,
  'Fn::And': (argument, scope) => truths(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => truths(argument, scope).some(Boolean),
  'Fn::Not': (argument, scope) => !truths(argument, scope)[0],
  'Fn::Base64': (argument, scope) => Buffer.from(text(resolve(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::GetAZs': (_, scope) => ['a', 'b', 'c'].map((zone) => `${text(scope.ref('AWS::Region'), 'AWS::Region')}${zone}`),
};

/** The intrinsic function that an object of the template stands for: its only key. `Condition` is one only with a name. */
function intrinsicOf(value: Record<string, unknown>): [Intrinsic, unknown] | undefined {
  const entries = Object.entries(value);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return undefined;
  const [name, argument] = entry;
  // IAM policies have an object under `Condition`, which is no reference to a condition of the template.
  if (name === 'Condition' && typeof argument !== 'string') return undefined;
  const intrinsic = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
  if (intrinsic !== undefined) return [intrinsic, argument];
  if (name.startsWith('Fn::'))
    throw new TemplateError(`the template uses ${name}, which the local stack does not know`);
  return undefined;
}

/**
 * The value with every intrinsic function replaced by what it stands for.
 * @throws TemplateError for an unknown function or name.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const intrinsic = intrinsicOf(value as Record<string, unknown>);
  if (intrinsic !== undefined) return intrinsic[0](intrinsic[1], scope);
  const entries = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}
