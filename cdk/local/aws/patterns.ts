/** A compiled event pattern (EventBridge rule) or filter criteria (Lambda event source mapping). */
export type Matcher = (event: unknown) => boolean;

/** Thrown while a pattern is compiled, never while it matches: an operator that is not known must not silently match nothing. */
export class PatternError extends Error {
  readonly code = 'InvalidEventPattern';
}

/** Tests one leaf of the event; undefined stands for a field that is not there. */
type LeafTest = (leaf: unknown) => boolean;
type Fields = Record<string, unknown>;

/**
 * Compiles an EventBridge event pattern: exact values, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists and $or.
 * A field of the event that is an array matches when any of its elements does.
 */
export function compilePattern(pattern: unknown): Matcher {
  if (!isFields(pattern)) throw new PatternError('An event pattern must be an object');
  return compileFields(pattern, '$');
}

/** Lambda's FilterCriteria: an event passes when any filter matches; without filters everything passes. */
export function compileFilterCriteria(criteria: { Filters?: { Pattern?: string }[] } | undefined): Matcher {
  const matchers = (criteria?.Filters ?? []).map(({ Pattern = '' }) => compilePattern(parsePattern(Pattern)));
  return matchers.length === 0 ? () => true : (event) => matchers.some((matches) => matches(event));
}

function parsePattern(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PatternError(`A filter pattern is not JSON: ${text}`, { cause });
  }
}

function compileFields(pattern: Fields, path: string): Matcher {
  const names = Object.keys(pattern);
  if (names.length === 0) throw new PatternError(`Empty pattern at ${path}`);
  const parts = names.map((name) => compileField(name, pattern[name], `${path}.${name}`));
  return (event) => parts.every((matches) => matches(event));
}

function compileField(name: string, rule: unknown, path: string): Matcher {
  if (name === '$or') return compileAlternatives(rule, path);
  if (Array.isArray(rule)) {
    const matches = compileLeaf(rule, path);
    return (event) => matches(fieldOf(event, name));
  }
  if (!isFields(rule)) throw new PatternError(`Values must stand in an array at ${path}`);
  const inner = compileFields(rule, path);
  return (event) => {
    const value = fieldOf(event, name);
    return Array.isArray(value) && value.length > 0 ? value.some((element) => inner(element)) : inner(value);
  };
}

function compileAlternatives(rule: unknown, path: string): Matcher {
  if (!Array.isArray(rule) || rule.length < 2) throw new PatternError(`$or needs at least two patterns at ${path}`);
  const alternatives = rule.map((alternative, index) => {
    if (!isFields(alternative)) throw new PatternError(`$or takes patterns at ${path}[${index}]`);
    return compileFields(alternative, `${path}[${index}]`);
  });
  return (event) => alternatives.some((matches) => matches(event));
}

function compileLeaf(rules: unknown[], path: string): LeafTest {
  if (rules.length === 0) throw new PatternError(`Empty array at ${path}`);
  const tests = rules.map((rule) => compileRule(rule, path));
  return (value) => {
    const leaves = leavesOf(value);
    return tests.some((test) => leaves.some(test));
  };
}

function compileRule(rule: unknown, path: string): LeafTest {
  if (!isFields(rule)) {
    if (Array.isArray(rule)) throw new PatternError(`Array within an array at ${path}`);
    return (leaf) => leaf === rule;
  }
  const [operator, ...more] = Object.keys(rule);
  if (operator === undefined || more.length > 0) throw new PatternError(`One operator an object at ${path}`);
  return compileOperator(operator, rule[operator], path);
}

function compileOperator(operator: string, operand: unknown, path: string): LeafTest {
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') throw new PatternError(`exists takes true or false at ${path}`);
      return (leaf) => (leaf !== undefined) === operand;
    case 'numeric':
      return compileNumeric(operand, path);
    case 'anything-but':
      return compileAnythingBut(operand, path);
    default:
      return onText(compileText(operator, operand, path));
  }
}

function compileText(operator: string, operand: unknown, path: string): (text: string) => boolean {
  if (isFields(operand) && (operator === 'prefix' || operator === 'suffix')) {
    const wanted = textOperand(operator, operand['equals-ignore-case'], path).toLowerCase();
    const end = operator === 'prefix' ? 'startsWith' : 'endsWith';
    return (text) => text.toLowerCase()[end](wanted);
  }
  const wanted = textOperand(operator, operand, path);
  switch (operator) {
    case 'prefix':
      return (text) => text.startsWith(wanted);
    case 'suffix':
      return (text) => text.endsWith(wanted);
    case 'equals-ignore-case':
      return (text) => text.toLowerCase() === wanted.toLowerCase();
    case 'wildcard': {
      const expression = new RegExp(`^${wanted.split('*').map(escapeExpression).join('.*')}$`, 's');
      return (text) => expression.test(text);
    }
    default:
      throw new PatternError(`Operator "${operator}" is not supported by the local stack, at ${path}`);
  }
}

function compileAnythingBut(operand: unknown, path: string): LeafTest {
  if (isFields(operand)) {
    const [operator = '', ...more] = Object.keys(operand);
    if (more.length > 0) throw new PatternError(`One operator an object at ${path}`);
    const excluded = listOf(operand[operator]).map((value) => compileText(operator, value, path));
    return onText((text) => !excluded.some((matches) => matches(text)));
  }
  const excluded = listOf(operand);
  const isPlain = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';
  if (excluded.length === 0 || !excluded.every(isPlain))
    throw new PatternError(`anything-but takes strings or numbers at ${path}`);
  return (leaf) => leaf !== undefined && !excluded.includes(leaf);
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function compileNumeric(operand: unknown, path: string): LeafTest {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw new PatternError(`numeric takes one or two comparisons at ${path}`);
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const bound: unknown = operand[index + 1];
    if (!compare || typeof bound !== 'number') throw new PatternError(`numeric has a wrong comparison at ${path}`);
    tests.push((value) => compare(value, bound));
  }
  return (leaf) => typeof leaf === 'number' && tests.every((test) => test(leaf));
}

/** EventBridge flattens events: an array is its elements, and what holds no leaf (an object, an empty array) is no field at all. */
function leavesOf(value: unknown): unknown[] {
  const elements = Array.isArray(value) ? value : [value];
  const leaves = elements.filter((element) => element === null || typeof element !== 'object');
  return leaves.length === 0 ? [undefined] : leaves;
}

const onText =
  (test: (text: string) => boolean): LeafTest =>
  (leaf) =>
    typeof leaf === 'string' && test(leaf);

function textOperand(operator: string, operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw new PatternError(`"${operator}" takes a string at ${path}`);
  return operand;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const escapeExpression = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
const fieldOf = (value: unknown, name: string): unknown => (isFields(value) ? value[name] : undefined);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
