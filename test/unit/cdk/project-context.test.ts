import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { contextOfProject } from '../../../cdk/project-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'bindery-context-'));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('tests have a configuration of their own in place of the one in cdk.json, and the same features of the CDK', () => {
  const path = join(folder, 'other.json');
  writeFileSync(path, '{"stage":"other"}');
  const project = JSON.parse(readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8')) as {
    context: object;
  };
  vi.stubEnv('BINDERY_CONFIGURATION', path);
  expect(contextOfProject()).toEqual({ ...project.context, bindery: { stage: 'other' } });
  vi.stubEnv('BINDERY_CONFIGURATION', undefined);
  expect(contextOfProject()).toEqual(project.context);
});
