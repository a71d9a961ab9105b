// `npm run cli -- …`: see and operate a stack, on this machine or deployed.
import { EXIT } from './exit-codes.ts';
import { run } from './program.ts';
import { ask, type Lines, linesOf } from './terminal/ask.ts';

/** What takes longer than this to stop is stopped. */
const STOP_MS = 3_000;

const stopped = new AbortController();
process.once('SIGINT', () => {
  stopped.abort();
  const stop = () => process.exit(EXIT.interrupted);
  setTimeout(stop, STOP_MS).unref();
  process.once('SIGINT', stop);
});
// What reads our output may have seen enough: `… | head`.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => process.exit(fault.code === 'EPIPE' ? 0 : 1));

let lines: Lines | undefined;
const say = (text: string): void => void process.stderr.write(text);

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  now: Date.now,
  signal: stopped.signal,
  ask: async (question, { hidden }) => {
    if (process.stdin.isTTY) say(question);
    else lines ??= linesOf(process.stdin);
    return await ask(process.stdin, lines, { hidden, say });
  },
});
// Nothing is left to do, though a pipe that was read from may still be open.
process.stdin.destroy();
