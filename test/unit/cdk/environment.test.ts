import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { environmentsOf } from './environments.ts';
import { Template } from './stack-under-test.ts';

const ROOT = join(import.meta.dirname, '../../..');

async function schemaOf(program: string): Promise<z.ZodObject> {
  const config = (await import(join(ROOT, program, 'config.ts'))) as { environmentSchema: z.ZodObject };
  return config.environmentSchema;
}

describe.each(environmentsOf(new Template()))('the environment of %s', (program, environment) => {
  test('has exactly the variables that the program reads', async () => {
    const schema = await schemaOf(program);
    expect(Object.keys(environment).sort()).toEqual(Object.keys(schema.shape).sort());
  });

  test('is what the program accepts', async () => {
    const schema = await schemaOf(program);
    expect(schema.safeParse(environment).error?.issues).toBeUndefined();
  });
});

test('the environment of a function fits into the 4 KB of Lambda with as many accounts as the configuration allows', () => {
  const name = (index: number) => `an-account-with-long-name-${index}`;
  const accounts = Array.from({ length: 9 }, (_, index) => ({ profile: 'smpp-asia', name: name(index) }));
  // Names of tables and queues that CloudFormation makes up, and ARNs, are longer than the places that stand for them here.
  const referenceOctets = 120;
  for (const [program, environment] of environmentsOf(new Template({ accounts }))) {
    if (program === 'binder') continue;
    const entries = Object.entries(environment);
    const octets = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
    const references = entries.filter(([key]) => /TABLE|QUEUE|SECRET|BUS/.test(key)).length;
    expect(octets + references * referenceOctets, program).toBeLessThan(4096);
  }
});
