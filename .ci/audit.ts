// `npm run check` asks the registry for advisories about what is deployed. Without a registry it says so, and is not red.
import { spawnSync } from 'node:child_process';
import { ACKNOWLEDGED } from './acknowledged.ts';
import { judgeAudit } from './advisories.ts';

// No second try: whoever has no network should not wait for it.
const QUICK = ['--fetch-retries=0', '--fetch-timeout=10000'];
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json', ...QUICK], { encoding: 'utf8', timeout: 30_000 });
const verdict = judgeAudit(stdout ?? '', ACKNOWLEDGED, new Date().toISOString().slice(0, 10));
if (verdict.kind === 'skipped') console.log(`skipped: ${verdict.why}`);
else if (verdict.problems.length > 0) {
  console.error(verdict.problems.join('\n'));
  process.exitCode = 1;
} else console.log(`no open advisory, ${verdict.acknowledged} acknowledged`);
