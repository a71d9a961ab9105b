import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../../../cdk/local/resources/families.ts';
import { undeclaredProperties } from '../../../cdk/local/resources/resource.ts';
import { WITHOUT_EFFECT } from '../../../cdk/local/resources/without-effect.ts';
import { Template } from '../cdk/stack-under-test.ts';
import { VARIANTS } from '../cdk/variants.ts';

describe.each(Object.entries(VARIANTS))('the local stack, of the configuration with %s,', (_, overrides) => {
  const resources = new Template(overrides).all();

  test('knows every type of resource', () => {
    const types = new Set(resources.map(({ Type }) => Type));
    expect([...types].filter((type) => !FAMILIES.has(type) && !Object.hasOwn(WITHOUT_EFFECT, type))).toEqual([]);
  });

  test('honours or knowingly leaves out every property', () => {
    const undeclared = resources.flatMap(({ Type, Properties }) => {
      const family = FAMILIES.get(Type);
      const paths = family === undefined ? [] : undeclaredProperties(family, { ...Properties });
      return paths.map((path) => `${Type} ${path}`);
    });
    expect(undeclared).toEqual([]);
  });
});
