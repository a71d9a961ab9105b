import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../cli/arguments.ts';
import { choose } from '../../../cli/choose.ts';
import { COMMANDS } from '../../../cli/commands.ts';
import { UsageError } from '../../../cli/failure.ts';
import { COMMON_OPTIONS, commandHelp, overview } from '../../../cli/help.ts';
import { run } from '../../../cli/program.ts';

const plain = (_: unknown, text: string): string => text;

/** What a shell makes of a line: words, and texts in double quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function problemOf(argv: readonly string[]): string {
  try {
    choose(argv, COMMANDS);
    return '';
  } catch (error) {
    return error instanceof UsageError ? error.message : String(error);
  }
}

describe('a command line', () => {
  test('names a command by one word or two, and what stands behind is its own', () => {
    expect(choose(['send', '--to', 'x'], COMMANDS)).toMatchObject({ command: { name: 'send' }, args: ['--to', 'x'] });
    expect(choose(['messages', 'show', 'msg_1'], COMMANDS)).toMatchObject({
      command: { name: 'messages show' },
      args: ['msg_1'],
    });
    expect(choose(['--json', 'status'], COMMANDS)).toMatchObject({ command: { name: 'status' }, args: ['--json'] });
  });

  test('that names a group alone means its list', () => {
    expect(choose(['keys', '--json'], COMMANDS)).toMatchObject({ command: { name: 'keys list' }, args: ['--json'] });
    expect(choose(['dlq'], COMMANDS)).toMatchObject({ command: { name: 'dlq list' } });
  });

  test('without a word, or with help, is answered with help', () => {
    expect(choose([], COMMANDS)).toEqual({ kind: 'overview' });
    expect(choose(['--help'], COMMANDS)).toEqual({ kind: 'overview' });
    expect(choose(['send', '-h'], COMMANDS)).toMatchObject({ kind: 'help', command: { name: 'send' } });
    expect(choose(['help', 'dlq', 'show'], COMMANDS)).toMatchObject({ kind: 'help', command: { name: 'dlq show' } });
  });

  test('with a slip of the pen is told what was meant', () => {
    expect(problemOf(['sned'])).toBe('there is no command sned. Did you mean send?');
    expect(problemOf(['mesages'])).toContain('Did you mean messages');
    expect(problemOf(['dlq', 'shwo'])).toContain('there are dlq list, dlq show, dlq redrive');
    expect(problemOf(['xyzzy'])).toBe('there is no command xyzzy.');
  });
});

describe('what stands behind a command', () => {
  const shape = { options: { to: { value: 'N', help: '' }, wait: { help: '' } }, arguments: ['FILE'] };

  test('is read as options and arguments, wherever they stand', () => {
    const given = readArguments(['--to', '5', 'a.csv', '--wait'], shape);
    expect([given.wholeNumber('to', { lowest: 1 }), given.argument, given.flag('wait')]).toEqual([5, 'a.csv', true]);
  });

  test('is refused with everything that is wrong with it', () => {
    expect(() => readArguments(['--too', '5', '--wait=1', '--to'], shape)).toThrow(
      /there is no option --too\. Did you mean --to\?[\s\S]*--wait takes no value[\s\S]*--to needs a value/,
    );
    expect(() => readArguments([], shape)).toThrow('FILE is missing');
    expect(() => readArguments(['a', 'b'], shape)).toThrow('b: one argument too many');
    expect(() => readArguments(['a', '--to', '1', '--to', '2'], shape)).toThrow('--to is given twice');
  });

  test.each(['0', '-1', '1.5', 'x', '1e3'])('is no whole number from 1 on where it is %s', (text) => {
    const given = readArguments([`--to=${text}`, 'a'], shape);
    expect(() => given.wholeNumber('to', { lowest: 1 })).toThrow('--to must be a whole number from 1 on');
  });
});

test('a command line that is wrong is told all that is missing, and leads to the help of its command', async () => {
  const said: string[] = [];
  const tell = async (...argv: string[]) =>
    await run(argv, {
      stdout: { write: (text) => said.push(text) },
      stderr: { write: (text) => said.push(text) },
      environment: {},
      now: Date.now,
      signal: new AbortController().signal,
      ask: async () => await Promise.resolve(''),
    });
  expect(await tell('send', '--to', '0917')).toBe(2);
  expect(said.splice(0).join('')).toBe('✗ --from is missing\n  --text is missing\n  → npm run cli -- send --help\n');
  expect(await tell('--json', 'keys', 'revoke')).toBe(2);
  expect(JSON.parse(said.splice(0).join(''))).toMatchObject({ error: { next: 'npm run cli -- keys revoke --help' } });
  expect(await tell('sned')).toBe(2);
  expect(said.join('')).toContain('→ npm run cli -- --help');
});

describe('the help', () => {
  test.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of %s has examples that are read without fault',
    (name, command) => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) {
        const choice = choose(words(example), COMMANDS);
        expect(choice).toMatchObject({ kind: 'run', command: { name } });
        const args = choice.kind === 'run' ? choice.args : [];
        readArguments(args, { options: { ...command.options, ...COMMON_OPTIONS }, arguments: command.arguments });
        expect(commandHelp(command, plain).join('\n')).toContain(`npm run cli -- ${example}`);
      }
    },
  );

  test('fits a terminal and names every command once', () => {
    const lines = overview(COMMANDS, plain);
    for (const { name } of COMMANDS) expect(lines.filter((line) => line.startsWith(`  ${name}  `))).toHaveLength(1);
    const all = [...lines, ...COMMANDS.flatMap((command) => commandHelp(command, plain))];
    const isText = (line: string): boolean => !line.includes('npm run cli -- ');
    expect(all.filter((line) => isText(line) && line.length > 130)).toEqual([]);
  });
});
