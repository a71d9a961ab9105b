/** A piece of JSON (RFC 8259): white space, a punctuator, a string, a number or a word. */
const TOKEN =
  /[ \t\n\r]+|[{}[\],:]|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Expected = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma' | 'nothing';

/**
 * Where a text stops being JSON, line and column from 1: at the first character of the piece that cannot be there, or behind
 * the last where something is missing. By hand, because the engine gives the place in some of its messages only.
 */
export function jsonErrorPosition(text: string): { line: number; column: number } {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) break;
    if (!/^\s/.test(token)) {
      const next = follow(token, expected, open);
      if (next === undefined) break;
      expected = next;
    }
    at += token.length;
  }
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What may come after `token`, undefined where it cannot be here. */
function follow(token: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const after = (): Expected => (open.length === 0 ? 'nothing' : 'comma');
  switch (token) {
    case '{':
    case '[':
      if (expected !== 'value' && expected !== 'first value') return undefined;
      open.push(token);
      return token === '{' ? 'first name' : 'first value';
    case '}':
    case ']': {
      const inside = token === '}' ? '{' : '[';
      const empty = token === '}' ? 'first name' : 'first value';
      if (open.at(-1) !== inside || (expected !== 'comma' && expected !== empty)) return undefined;
      open.pop();
      return after();
    }
    case ',':
      if (expected !== 'comma') return undefined;
      return open.at(-1) === '{' ? 'name' : 'value';
    case ':':
      return expected === 'colon' ? 'value' : undefined;
    default:
      if (expected === 'value' || expected === 'first value') return after();
      if ((expected === 'name' || expected === 'first name') && token.startsWith('"')) return 'colon';
      return undefined;
  }
}
