/** The value of a metric of an expression, by its id; undefined where there is none. */
export type ValueOf = (id: string) => number | undefined;
/** @param periodSeconds that the metrics of the expression are summed up over */
type Value = (valueOf: ValueOf, periodSeconds: number) => number | undefined;

/** An expression of metric math uses something that is not known here. */
export class ExpressionError extends Error {
  readonly code = 'template_unsupported';
}

const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|>=|<=|==|!=|[-+*/()<>,])/y;

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number | undefined>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  // CloudWatch has no value where it would divide by zero.
  '/': (left, right) => (right === 0 ? undefined : left / right),
  '>': (left, right) => Number(left > right),
  '<': (left, right) => Number(left < right),
  '>=': (left, right) => Number(left >= right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
};
/** Loosest first. */
const LEVELS = [
  ['>', '<', '>=', '<=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

/**
 * Metric math as far as the stack's alarms use it: numbers, ids, arithmetic, comparisons, IF, PERIOD. What lacks a value has none.
 * @throws ExpressionError for anything else
 */
export function compile(expression: string): { value: Value; ids: ReadonlySet<string> } {
  const tokens = tokensOf(expression);
  const ids = new Set<string>();
  const fail = (found: string | undefined): never => {
    throw new ExpressionError(`metric math that the local stack does not know: ${found ?? 'the end'} in ${expression}`);
  };
  const expect = (token: string): void => {
    const found = tokens.shift();
    if (found !== token) fail(found);
  };

  const operation = (level: number): Value => {
    const operators = LEVELS[level];
    if (operators === undefined) return operand();
    let left = operation(level + 1);
    while (operators.includes(tokens[0] ?? '')) {
      const operator = OPERATORS[tokens.shift() ?? ''];
      const [before, after] = [left, operation(level + 1)];
      left = (...given) => {
        const [first, second] = [before(...given), after(...given)];
        return first === undefined || second === undefined ? undefined : operator?.(first, second);
      };
    }
    return left;
  };

  const operand = (): Value => {
    const token = tokens.shift() ?? fail(undefined);
    if (/^\d/.test(token)) return () => Number(token);
    if (token === '(') {
      const inner = operation(0);
      expect(')');
      return inner;
    }
    if (token === 'IF') return choice();
    if (token === 'PERIOD') return period();
    if (tokens[0] === '(') return fail(token);
    const id = metric(token);
    return (valueOf) => valueOf(id);
  };

  /** Ids begin with a small letter, functions with a capital one. */
  const metric = (token: string | undefined): string => {
    if (token === undefined || !/^[a-z]/.test(token)) return fail(token);
    ids.add(token);
    return token;
  };

  const period = (): Value => {
    expect('(');
    metric(tokens.shift());
    expect(')');
    return (_, periodSeconds) => periodSeconds;
  };

  const choice = (): Value => {
    expect('(');
    const condition = operation(0);
    expect(',');
    const whenTrue = operation(0);
    expect(',');
    const whenFalse = operation(0);
    expect(')');
    return (...given) => {
      const chosen = condition(...given);
      if (chosen === undefined) return undefined;
      return chosen === 0 ? whenFalse(...given) : whenTrue(...given);
    };
  };

  const value = operation(0);
  if (tokens.length > 0) fail(tokens[0]);
  return { value, ids };
}

function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < expression.trimEnd().length) {
    const at = pattern.lastIndex;
    const [, token] = pattern.exec(expression) ?? [];
    if (token === undefined) {
      throw new ExpressionError(
        `metric math that the local stack does not know: ${expression.slice(at)} in ${expression}`,
      );
    }
    tokens.push(token);
  }
  return tokens;
}
