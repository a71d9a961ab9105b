import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonErrorPosition } from '../../../functions/middleware/json-position.ts';

test.each([
  ['nothing', '', 1, 1],
  ['an object that does not end', '{"to": "x"', 1, 11],
  ['a comma too much', '{"to": "x",}', 1, 12],
  ['a comma too little', '{"to": "x" "from": "y"}', 1, 12],
  ['single quotes', "{'to': 'x'}", 1, 2],
  ['a name without quotes', '{to: "x"}', 1, 2],
  ['a colon too little', '{"to" "x"}', 1, 7],
  ['a line end in a string', '{"text": "a\nb"}', 1, 10],
  ['a wrong escape', '{"text": "\\x"}', 1, 10],
  ['a number that is none', '{"ttl_seconds": 01}', 1, 18],
  ['Python', '{"dry_run": True}', 1, 13],
  ['two values', '{} {}', 1, 4],
  ['another line', '{\n  "to": "x",\n  "from": y\n}', 3, 11],
  ['brackets that do not match', '[1, 2}', 1, 6],
  ['a comma first in a list', '[, 1]', 1, 2],
  ['a value without a name', '{: 1}', 1, 2],
  ['no JSON at all', 'to=x&from=y', 1, 1],
])('%s stops at its place', (_name, text, line, column) => {
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  expect(jsonErrorPosition(text)).toEqual({ line, column });
});

test('what is JSON is read to its end, whatever it holds', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(jsonErrorPosition(text)).toEqual(endOf(text));
    }),
  );
});

test('a JSON text that is cut anywhere is read to the cut, or to the piece that the cut broke', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, cut) => {
      const start = text.slice(0, cut % (text.length + 1));
      const { line, column } = jsonErrorPosition(start);
      expect({ line, reached: column <= endOf(start).column }).toEqual({ line: endOf(start).line, reached: true });
    }),
  );
});

function endOf(text: string): { line: number; column: number } {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
