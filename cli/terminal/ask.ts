import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';

const ENTER = /[\r\n]/;
const BACKSPACE = new Set(['\u007F', '\b']);
const INTERRUPT = '\u0003';
const END_OF_INPUT = '\u0004';

/** Lines that come through a pipe: read once, handed out one by one. */
export type Lines = AsyncIterator<string>;

export function linesOf(input: NodeJS.ReadableStream): Lines {
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
}

const interrupted = () => new CliError('interrupted', 'stopped', { exitCode: EXIT.interrupted });

/** Reads a line key by key, so that nothing of it is shown. */
async function readUnseen(input: ReadStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = '';
  const take = (keys: string): void => {
    for (const key of keys) {
      if (ENTER.test(key)) return resolve(typed);
      if (key === INTERRUPT || (key === END_OF_INPUT && typed === '')) return reject(interrupted());
      typed = BACKSPACE.has(key) ? typed.slice(0, -1) : typed + key;
    }
  };
  input.setEncoding('utf8').setRawMode(true).resume().on('data', take);
  try {
    return await promise;
  } finally {
    input.off('data', take).setRawMode(false).pause();
  }
}

async function readSeen(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input, output: process.stderr });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  lines
    .once('line', resolve)
    .once('SIGINT', () => reject(interrupted()))
    .once('close', () => reject(interrupted()));
  try {
    return await promise;
  } finally {
    lines.close();
  }
}

/**
 * Asks for a line. Where no person types, the next line of the input is the answer.
 * @throws CliError where the input ends before
 */
export async function ask(
  input: ReadStream,
  piped: Lines | undefined,
  { hidden, say }: { hidden: boolean; say: (text: string) => void },
): Promise<string> {
  if (!input.isTTY) {
    const line = await piped?.next();
    if (line?.done === false) return line.value;
    throw new CliError('no_input', 'the input ended before all was said', {
      next: 'Answer at a terminal, or through a pipe with a line for each question.',
      exitCode: EXIT.usage,
    });
  }
  try {
    const line = await (hidden ? readUnseen(input) : readSeen(input));
    if (hidden) say('\n');
    return line;
  } catch (error) {
    // What is said of it begins a line.
    say('\n');
    throw error;
  }
}
