import type { Command } from './command.ts';
import { UsageError } from './failure.ts';
import { didYouMean } from './suggestion.ts';

export type Choice =
  | { kind: 'overview' }
  | { kind: 'help'; command: Command }
  | { kind: 'run'; command: Command; args: readonly string[] };

const isHelp = (word: string): boolean => word === '--help' || word === '-h';
/** Switches that may stand before the command. */
const EARLY = new Set(['--json', '--full']);

/** The command that the first words name, the longer name first, and how many words those are. */
function named(
  words: readonly string[],
  commands: readonly Command[],
): { command: Command; words: number } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined && words.length >= length) return { command, words: length };
  }
  // `keys` alone is `keys list`; `keys --json`, too.
  const [group = ''] = words;
  const list = commands.find(({ name }) => name === `${group} list`);
  const isAlone = words[1] === undefined || words[1].startsWith('-');
  return list !== undefined && isAlone ? { command: list, words: 1 } : undefined;
}

function unknown([first = '', second = '']: readonly string[], commands: readonly Command[]): UsageError {
  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (inGroup.length === 0) {
    const words = [...new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? '']))];
    return new UsageError(`there is no command ${first}.${didYouMean(first, words)}`);
  }
  if (second === '' || second.startsWith('-')) return new UsageError(`say which: ${inGroup.join(', ')}`);
  return new UsageError(`there is no command ${first} ${second}; there are ${inGroup.join(', ')}`);
}

/**
 * What a command line asks for.
 * @throws UsageError where there is no such command
 */
export function choose(argv: readonly string[], commands: readonly Command[]): Choice {
  const early = argv.findIndex((word) => !EARLY.has(word));
  const front = early === -1 ? argv : argv.slice(0, early);
  const words = early === -1 ? [] : argv.slice(early);
  const [first] = words;
  if (first === undefined || isHelp(first)) return { kind: 'overview' };
  if (first === 'help') return choose([...words.slice(1), '--help'], commands);
  const found = named(words, commands);
  if (found === undefined) throw unknown(words, commands);
  const rest = words.slice(found.words);
  if (rest.some(isHelp)) return { kind: 'help', command: found.command };
  return { kind: 'run', command: found.command, args: [...front, ...rest] };
}
