import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundles, bundle, FUNCTIONS } from '../../../cdk/bundle.ts';
import { environmentsOf } from './environments.ts';
import { Template } from './stack-under-test.ts';

const ROOT = join(import.meta.dirname, '../../..');
const outdir = mkdtempSync(join(tmpdir(), 'bindery-real-bundles-'));
const environments = new Map(environmentsOf(new Template()));
const run = promisify(execFile);
let bundles: Bundles;

beforeAll(async () => {
  bundles = await bundle(ROOT, outdir);
});

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test.each(FUNCTIONS)(
  '%s starts from its bundle alone, with the environment of the template and nothing else',
  async (name) => {
    const program = "import('./index.mjs').then(({ handler }) => console.log(typeof handler))";
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: bundles.functions[name],
      env: { ...environments.get(`functions/${name}`), AWS_REGION: 'ap-southeast-1' },
    });
    expect(stdout.trim()).toBe('function');
  },
  30_000,
);

test('a function is small enough to start fast', () => {
  for (const name of FUNCTIONS) {
    expect(statSync(join(bundles.functions[name], 'index.mjs')).size, name).toBeLessThan(600_000);
  }
});

test("the binder's image has what its Dockerfile copies, and the program refuses to start without its environment", async () => {
  for (const file of ['main.mjs', 'health.mjs', 'Dockerfile'])
    expect(existsSync(join(bundles.binder, file))).toBe(true);
  const start = run(process.execPath, ['main.mjs'], { cwd: bundles.binder, env: {} });
  await expect(start).rejects.toMatchObject({ stderr: expect.stringContaining('BINDER_ACCOUNTS') });
}, 30_000);
