import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import * as z from 'zod';
import { recordOf } from '../../../cdk/release/guard.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, '.github/workflows');

const permissions = z.record(z.enum(['contents', 'id-token']), z.enum(['read', 'write']).optional());
const text = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const step = z.union([
  z.strictObject({ uses: z.string(), with: text.optional() }),
  z.strictObject({ run: z.string(), env: text.optional() }),
]);
const job = z.union([
  z.strictObject({ uses: z.string() }),
  z.strictObject({
    'runs-on': z.string().regex(/^ubuntu-\d\d\.04$/),
    'timeout-minutes': z.int(),
    needs: z.string().optional(),
    environment: z.string().optional(),
    permissions: permissions.optional(),
    steps: z.array(step).min(1),
  }),
]);
/** What of GitHub's workflow syntax is used here; a key that is misspelled is none of it. */
const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.partialRecord(z.enum(['push', 'pull_request', 'workflow_call', 'workflow_dispatch']), z.unknown()),
  permissions,
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) }),
  jobs: z.record(z.string(), job),
});

function parsed(path: string): unknown {
  const document = parseDocument(readFileSync(path, 'utf8'), { strict: true, uniqueKeys: true });
  expect(document.errors).toEqual([]);
  expect(document.warnings).toEqual([]);
  return document.toJS();
}

const workflow = (file: string) => workflowSchema.parse(parsed(join(FOLDER, file)));
const stepsOf = (file: string) =>
  Object.values(workflow(file).jobs).flatMap((one) => ('steps' in one ? one.steps : [{ uses: one.uses }]));
const files = readdirSync(FOLDER);

describe.each(files)('%s', (file) => {
  test('is a workflow', () => {
    expect(() => workflow(file)).not.toThrow();
  });

  test('may only read, but for the job that takes on the role', () => {
    const { permissions: common, jobs } = workflow(file);
    expect(common).toEqual({ contents: 'read' });
    const wider = Object.entries(jobs).filter(([, one]) => 'permissions' in one && one.permissions?.['id-token']);
    expect(wider.map(([name]) => name)).toEqual(file === 'deploy.yml' ? ['deploy'] : []);
  });

  test('uses actions of GitHub and AWS alone, each at a version', () => {
    const uses = stepsOf(file).flatMap((one) => ('uses' in one ? [one.uses] : []));
    for (const action of uses.filter((name) => !name.startsWith('./'))) {
      expect(action).toMatch(/^(actions|aws-actions)\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
    }
    for (const own of uses.filter((name) => name.startsWith('./'))) expect(existsSync(join(ROOT, own))).toBe(true);
  });

  test('puts no text of others into a script, and runs what is there', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    for (const one of stepsOf(file)) {
      if (!('run' in one)) continue;
      expect(one.run).not.toContain('${{');
      const [, script] = /^npm run ([\w-]+)/.exec(one.run) ?? [];
      if (script !== undefined) expect(scripts).toHaveProperty(script);
      if (one.run.startsWith('.ci/')) expect(existsSync(join(ROOT, one.run))).toBe(true);
    }
  });

  test('leaves the token of the checkout nowhere', () => {
    const checkouts = stepsOf(file).filter((one) => 'uses' in one && one.uses.startsWith('actions/checkout'));
    for (const checkout of checkouts) expect(checkout).toMatchObject({ with: { 'persist-credentials': false } });
  });
});

test('a deploy comes after the check, waits for another of its stage and is never cut off', () => {
  const { jobs, concurrency } = workflow('deploy.yml');
  expect(jobs['deploy']).toMatchObject({ needs: 'check', environment: '${{ inputs.stage }}' });
  expect(concurrency).toEqual({ group: 'deploy-${{ inputs.stage }}', 'cancel-in-progress': false });
});

test('the check before a deploy shares its group with nobody: neither another stage nor a push to the branch throws it out', () => {
  const { concurrency } = workflow('check.yml');
  expect(concurrency.group).toBe("check-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}");
  expect(concurrency['cancel-in-progress']).toBe("${{ github.event_name == 'pull_request' }}");
});

test('a deploy hands out the record of what it deployed, which the run itself may not commit', () => {
  const uploads = stepsOf('deploy.yml').filter(
    (one) => 'uses' in one && one.uses.startsWith('actions/upload-artifact'),
  );
  const folder = relative(ROOT, dirname(recordOf(ROOT, 'bindery-prod')));
  expect(uploads).toMatchObject([{ with: { path: `${folder}/`, 'if-no-files-found': 'error' } }]);
});

test('a deploy has its role from the environment of its stage, and no key', () => {
  const source = readFileSync(join(FOLDER, 'deploy.yml'), 'utf8');
  expect(source).toContain('role-to-assume: ${{ vars.AWS_ROLE_ARN }}');
  expect(source).not.toMatch(/secrets\.|access-key/i);
});

test('dependabot looks after the packages, the actions and the image', () => {
  const schema = z.strictObject({
    version: z.literal(2),
    updates: z.array(
      z.strictObject({
        'package-ecosystem': z.enum(['npm', 'github-actions', 'docker']),
        directory: z.string().refine((folder) => existsSync(join(ROOT, folder))),
        schedule: z.strictObject({ interval: z.enum(['daily', 'weekly', 'monthly']) }),
        groups: z.record(z.string(), z.looseObject({})).optional(),
      }),
    ),
  });
  const { updates } = schema.parse(parsed(join(ROOT, '.github/dependabot.yml')));
  expect(updates.map((one) => one['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
});
