import type { Option } from './arguments.ts';
import type { Command } from './command.ts';
import type { Paint } from './terminal/terminal.ts';

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { help: 'one JSON document, for programs (`npm run -s cli -- … --json`)' },
  full: { help: 'numbers and texts as they are; without it numbers are masked and texts left out' },
  stage: { value: 'NAME', help: 'the deployed stack of that stage of cdk.json' },
  stack: { value: 'NAME', help: 'a deployed stack; default: the local one if it runs, else that of cdk.json' },
  profile: { value: 'NAME', help: 'AWS profile; a deployed stack is meant' },
  region: { value: 'NAME', help: 'AWS region; a deployed stack is meant' },
  state: { value: 'DIR', help: 'state folder of the local stack (default .bindery)' },
};

const CALL = 'npm run cli --';

function optionLines(options: Readonly<Record<string, Option>>): string[] {
  const named = Object.entries(options).map(([name, { value, help }]) => ({
    left: `--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  }));
  const widest = Math.max(0, ...named.map(({ left }) => left.length));
  return named.map(({ left, help }) => `  ${left.padEnd(widest)}  ${help}`);
}

export function overview(commands: readonly Command[], paint: Paint): string[] {
  const widest = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Bindery on the command line, for the stack on this machine and for a deployed one.',
    '',
    `Usage: ${CALL} COMMAND [options]`,
    '',
    ...commands.map(({ name, summary }) => `  ${paint('bold', name.padEnd(widest))}  ${summary}`),
    '',
    'Options of every command:',
    '',
    ...optionLines({ ...COMMON_OPTIONS, help: { help: 'show the help of a command' } }),
    '',
    'Environment:',
    '',
    '  BINDERY_KEY  an API key; default: the admin key, read from the secret of the stack',
    '  NO_COLOR     no colours',
    '',
    'Exit status: 0 done, 1 refused or a check failed, 2 the command line is wrong, 3 no stack or no answer,',
    '             4 some rows of a file were refused, 130 stopped by Ctrl-C',
    '',
    `Begin with:  ${CALL} doctor`,
  ];
}

export function commandHelp(
  { name, summary, about, arguments: names, options, examples }: Command,
  paint: Paint,
): string[] {
  const own = Object.keys(options).length > 0 ? ['', 'Options:', '', ...optionLines(options)] : [];
  return [
    summary,
    '',
    `Usage: ${CALL} ${[name, ...names].join(' ')} [options]`,
    ...(about === undefined ? [] : ['', ...about.split('\n')]),
    ...own,
    '',
    'Options of every command:',
    '',
    ...optionLines(COMMON_OPTIONS),
    '',
    examples.length > 1 ? 'Examples:' : 'Example:',
    '',
    ...examples.map((example) => paint('cyan', `  ${CALL} ${example}`)),
  ];
}
