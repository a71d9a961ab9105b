import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillTemplate } from '../../shared/domain/template.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/);
const literal = fc.string().map((text) => text.replaceAll('{', '('));
const piece = fc.oneof(
  literal.map((text) => ({ written: text, name: undefined, spaces: '' })),
  fc.record({ name, spaces: fc.constantFrom('', ' ', '  ') }).map(({ name, spaces }) => ({
    written: `{{${spaces}${name}${spaces}}}`,
    name,
    spaces,
  })),
);

test('filling is writing each value where its place was, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(piece), fc.string(), (pieces, value) => {
      const names = [...new Set(pieces.flatMap((one) => one.name ?? []))];
      const values = Object.fromEntries(names.map((one) => [one, `${value}${one}`]));
      const expected = pieces.map((one) => (one.name === undefined ? one.written : `${value}${one.name}`)).join('');
      const template = pieces.map(({ written }) => written).join('');
      expect(fillTemplate(template, values, {})).toEqual({ kind: 'filled', text: expected });
      expect(fillTemplate(template, {}, values)).toEqual({ kind: 'filled', text: expected });
    }),
  );
});

test('any text is filled or refused, in time that grows with its length', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('{', '}', '{{', '}}', 'a', ' ', '{{a}}')), (parts) => {
      expect(['filled', 'variables', 'no_variable']).toContain(fillTemplate(parts.join(''), {}, { a: 'x' }).kind);
    }),
  );
  const started = performance.now();
  fillTemplate(`${'{{a}}'.repeat(100_000)}${'{{'.repeat(100_000)}`, { a: 'x' }, {});
  expect(performance.now() - started).toBeLessThan(2_000);
});
