// `npm run check`: everything that can be said about the code without running it. Stops at nothing, names all that fails.
import { spawnSync } from 'node:child_process';

const steps: { name: string; command: string; args: string[]; env?: Record<string, string> }[] = [
  { name: 'format', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'generated', command: 'node', args: ['.ci/generated.ts', '--check'] },
  { name: 'architecture', command: 'vitest', args: ['run', '--reporter=dot', 'test/unit/architecture.test.ts'] },
  { name: 'licences', command: 'node', args: ['.ci/licences.ts'] },
  { name: 'audit', command: 'node', args: ['.ci/audit.ts'] },
  { name: 'template', command: 'node', args: ['cdk/app.ts'], env: { BINDERY_STRICT: '1' } },
];

const failed: string[] = [];
for (const step of steps) {
  const started = performance.now();
  const result = spawnSync(step.command, step.args, { encoding: 'utf8', env: { ...process.env, ...step.env } });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = result.status === 0;
  const skipped = /^skipped: .*/m.exec(result.stdout ?? '')?.[0];
  const mark = ok ? '✓' : '✗';
  console.log(`${skipped === undefined ? mark : '-'} ${step.name.padEnd(14)} ${seconds} s ${skipped ?? ''}`.trimEnd());
  if (!ok) {
    failed.push(step.name);
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
  }
}
if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.join(', ')}. \`npm run format\` mends the format.`);
  process.exit(1);
}
