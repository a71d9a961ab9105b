import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCommandLine as readDeploy } from '../../../cdk/deploy/options.ts';
import { readCommandLine as readStart } from '../../../cdk/local/options.ts';
import { COMMANDS } from '../../../cli/commands.ts';
import { COMMON_OPTIONS } from '../../../cli/help.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = [
  'CHANGELOG.md',
  'README.md',
  'SECURITY.md',
  ...['docs', 'docs/adr'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
];
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Lines to paste, those that go on behind a backslash put together. */
function commandsIn(page: string): string[] {
  const blocks = [...textOf(page).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const inline = [...textOf(page).matchAll(/`((?:npm|npx) [^`…]+)`/g)].map(([, command = '']) => command);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n/g, ' ').split('\n'));
  return [...lines, ...inline]
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => /^(npm|npx) /.test(line));
}

/** The words of a command line: quotes keep some together. */
function words(line: string): string[] {
  return Array.from(
    line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** What is wrong with what stands behind `npm run cli --`. */
function wrongWithCli(args: readonly string[]): string | undefined {
  // `COMMAND` stands for any.
  if (args.length === 0 || args[0] === '--help' || args[0] === 'COMMAND') return undefined;
  const command = COMMANDS.toSorted((one, other) => other.name.length - one.name.length).find(({ name }) =>
    `${args.join(' ')} `.startsWith(`${name} `),
  );
  if (command === undefined) return 'there is no such command';
  const known = Object.keys({ ...COMMON_OPTIONS, ...command.options, help: {} });
  const given = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2).split('=')[0] ?? '');
  const unknown = given.filter((name) => !known.includes(name));
  return unknown.length > 0 ? `unknown option ${unknown.join(', ')}` : undefined;
}

/** What is wrong with a command, as far as that shows without running it. */
function wrongWith(line: string): string | undefined {
  const [tool, verb = '', ...rest] = words(line);
  if (tool === 'npx') return verb === 'cdk' ? undefined : 'not a tool of ours';
  if (['ci', 'install', 'audit'].includes(verb)) return undefined;
  const script = verb === 'run' ? (rest.find((word) => !word.startsWith('-')) ?? '') : verb;
  if (scripts[script] === undefined) return `there is no script ${script}`;
  const separator = rest.indexOf('--');
  const args = separator < 0 ? [] : rest.slice(separator + 1);
  if (script === 'cli') return wrongWithCli(args);
  if (script === 'deploy') return readDeploy(args).kind === 'wrong' ? 'the options are wrong' : undefined;
  if (script === 'start') return readStart(args, {}).kind === 'wrong' ? 'the options are wrong' : undefined;
  return undefined;
}

describe.each(PAGES)('%s', (page) => {
  test('has commands that exist, with options that they know', () => {
    const wrong = commandsIn(page).flatMap((line) => {
      const why = wrongWith(line);
      return why === undefined ? [] : [`${line}: ${why}`];
    });
    expect(wrong).toEqual([]);
  });

  test('links to files, and names files, that are there', () => {
    const text = textOf(page);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) =>
      join(dirname(page), target),
    );
    const named = [...text.matchAll(/`((?:\.ci|\.github|binder|cdk|cli|docs|functions|shared|test)\/[\w./-]*\w)`/g)];
    const missing = [...links, ...named.map(([, target = '']) => target)].filter(
      (path) => !existsSync(join(ROOT, path)),
    );
    expect(missing).toEqual([]);
  });
});

test('a command that is wrong is found', () => {
  expect(wrongWith('npm run no-such')).toBe('there is no script no-such');
  expect(wrongWith('npm run cli -- no-such')).toBe('there is no such command');
  expect(wrongWith('npm run cli -- send --no-such 1')).toBe('unknown option no-such');
  expect(wrongWith('npm run deploy -- --stage')).toBe('the options are wrong');
  expect(wrongWith('npm start -- --no-such')).toBe('the options are wrong');
});

test('the pages of a deployment have commands at all', () => {
  expect(commandsIn('docs/deploy.md').length).toBeGreaterThan(10);
  expect(commandsIn('docs/operate.md').length).toBeGreaterThan(10);
});

test.each(['docs/deploy.md'])('JSON in %s is JSON', (page) => {
  const blocks = [...textOf(page).matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks) expect(() => JSON.parse(block)).not.toThrow();
});
