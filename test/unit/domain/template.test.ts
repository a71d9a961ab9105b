import { describe, expect, test } from 'vitest';
import { fillTemplate } from '../../../shared/domain/template.ts';

const filled = (text: string) => ({ kind: 'filled', text });

describe('a text with places', () => {
  test('gets its own values, and those that several texts share where it has none', () => {
    const text = 'Hi {{name}}, your order {{ order }} at {{shop}} is ready. {{name}}!';
    expect(fillTemplate(text, { name: 'Ana', order: '17' }, { shop: 'Kape', name: 'friend' })).toEqual(
      filled('Hi Ana, your order 17 at Kape is ready. Ana!'),
    );
  });

  test('without places is as it is, whatever braces it has', () => {
    for (const text of ['', 'plain', '{name}', 'a } b }} c', '{', '{ {name} }']) {
      expect(fillTemplate(text, {}, { name: 'x' })).toEqual(filled(text));
    }
  });

  test('takes a value as it is: what looks like a place in it is none', () => {
    expect(fillTemplate('{{a}}{{b}}', { a: '{{b}}', b: '$& {{' }, {})).toEqual(filled('{{b}}$& {{'));
  });

  test('may be given empty values', () => {
    expect(fillTemplate('[{{a}}]', { a: '' }, { a: 'shared' })).toEqual(filled('[]'));
  });
});

describe('what is refused', () => {
  test('a variable that nobody gives, named once, and one of its own that it does not use', () => {
    expect(fillTemplate('{{a}} {{b}} {{a}}', { c: '1' }, { d: '2' })).toEqual({
      kind: 'variables',
      missing: ['a', 'b'],
      unknown: ['c'],
    });
  });

  test('values that every object inherits are not given', () => {
    expect(fillTemplate('{{constructor}}', {}, {})).toMatchObject({ missing: ['constructor'] });
  });

  test.each(['{{first name}}', '{{}}', '{{1st}}', 'Hi {{name', '{{name}', '{{na-me}}', '{{{name}}}', '{{ñ}}'])(
    '%s, which a person would otherwise be sent',
    (text) => {
      expect(fillTemplate(text, { name: 'x' }, {})).toEqual({ kind: 'no_variable' });
    },
  );
});
