import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { endWithThisProcess, PROGRAM_PATH } from './child-process.ts';
import { StartError } from './start-error.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Synthesizes the stack in a process of its own: the CDK's library is slow to load and large, and of no use afterwards.
 * @param context over that of cdk.json
 * @throws StartError with what the CDK app said
 */
export async function synthesizeInto(folder: string, context: Record<string, unknown>): Promise<void> {
  const { HOME = '/nonexistent', BINDERY_CONFIGURATION: configuration } = process.env;
  const app = spawn(process.execPath, [join(ROOT, 'cdk/app.ts')], {
    cwd: ROOT,
    env: {
      PATH: PROGRAM_PATH,
      HOME,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // Judging the template is for `npm run check`; it takes a third of the time.
      CDK_VALIDATION: 'false',
      // Of the time that is left, loading the CDK's library takes the most, and a third less where it was compiled before.
      NODE_COMPILE_CACHE: join(ROOT, '.build/compiled'),
      ...(configuration !== undefined && { BINDERY_CONFIGURATION: configuration }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithThisProcess(app);
  const ended = new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('close', resolve);
  });
  const [code, , complaint] = await Promise.all([ended, text(app.stdout), text(app.stderr)]);
  if (code !== 0) throw new StartError(complaint.trim() || `cdk/app.ts ended with exit status ${code}`);
}
