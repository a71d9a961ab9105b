import { arnPattern, refuseVariables, wildcard } from './patterns.ts';
import { PolicyError } from './policy-error.ts';

/** What is known of a request besides caller, action and resource; keys in small letters. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

export type Condition = (context: RequestContext) => boolean;

/** The keys whose values every request here is given, where it has any. One more needs a value first, and then its name here. */
const KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'kms:calleraccount',
  'kms:viaservice',
  'kms:grantisforawsresource',
]);

/** Keys of which the end is the policy's own. */
const KEY_FAMILIES = ['kms:encryptioncontext:'];

/** Makes the test of one value of a policy. */
type Comparison = (expected: string) => (actual: string) => boolean;

const arnComparison: Comparison = (expected) => arnPattern(expected).matches;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (expected) => (actual) => actual === expected,
  StringEqualsIgnoreCase: (expected) => (actual) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (expected) => wildcard(expected).matches,
  ArnEquals: arnComparison,
  ArnLike: arnComparison,
  Bool: (expected) => (actual) => actual.toLowerCase() === expected.toLowerCase(),
};

/** Each is true where the other is not. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

interface Operator {
  comparison: Comparison;
  negated: boolean;
  /** How several values of a request are taken together. */
  set: 'ForAllValues' | 'ForAnyValue' | undefined;
  ifExists: boolean;
}

function operatorOf(name: string): Operator {
  const [, set, bare = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const comparison = COMPARISONS[NEGATIONS[bare] ?? bare];
  if (comparison === undefined) throw new PolicyError(`the condition operator ${name} is not known here`);
  return {
    comparison,
    negated: Object.hasOwn(NEGATIONS, bare),
    set: set as Operator['set'],
    ifExists: ifExists !== undefined,
  };
}

function keyOf(name: string): string {
  const key = name.toLowerCase();
  if (KEYS.has(key) || KEY_FAMILIES.some((family) => key.startsWith(family))) return key;
  throw new PolicyError(`the condition key ${name} is not known here`);
}

/** `Null` asks whether the request has the key at all. */
function absence(key: string, expected: readonly string[]): Condition {
  return (context) => expected.includes(String(context[key] === undefined));
}

function compare(key: string, expected: readonly string[], operator: Operator): Condition {
  const tests = expected.map(operator.comparison);
  const holds = (actual: string): boolean => tests.some((test) => test(actual)) !== operator.negated;
  return (context) => {
    const actual = context[key];
    if (operator.set === 'ForAllValues') return (actual ?? []).every(holds);
    if (actual === undefined) return operator.ifExists || (operator.negated && operator.set === undefined);
    return actual.some(holds);
  };
}

/**
 * A statement's `Condition`: all operators and all keys must hold, one value of each is enough.
 * @throws PolicyError for an operator, a key or a variable that is not known
 */
export function compileCondition(block: unknown): Condition {
  const conditions = Object.entries((block ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([name, comparisons]) =>
      Object.entries(comparisons).map(([keyName, values]) => {
        const key = keyOf(keyName);
        const expected = [values].flat().map(String);
        expected.forEach(refuseVariables);
        return name === 'Null' ? absence(key, expected) : compare(key, expected, operatorOf(name));
      }),
  );
  return (context) => conditions.every((condition) => condition(context));
}
