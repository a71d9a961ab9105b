import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const ROOMS = ['cdk', 'cli', 'functions', 'binder', 'shared', 'test'] as const;

interface Import {
  from: string;
  /** A path inside the project, or a package's name. */
  to: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

/** Static and dynamic imports, and re-exports, of one file. */
function importsOf(file: string, source: string): Import[] {
  const specifiers = [...source.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g)].map(
    (match) => match[2] ?? '',
  );
  return specifiers.map((specifier) => ({
    from: file,
    to: specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier,
  }));
}

const imports = ROOMS.flatMap(sourceFiles).flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));

const inside = (path: string, folder: string) => path.startsWith(`${folder}/`);
const packageName = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** What a room may never import, whoever in it asks. */
function violations(folder: string, forbidden: (to: string, from: string) => boolean): string[] {
  return imports
    .filter(({ from, to }) => inside(from, folder) && forbidden(to, from))
    .map(({ from, to }) => `${from} -> ${to}`);
}

describe('who may import whom', () => {
  test('imports are found at all', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(
      importsOf('binder/a.ts', "import x from '../shared/b.ts';\nawait import('./c.ts');\nexport * from \"smpp\";"),
    ).toEqual([
      { from: 'binder/a.ts', to: 'shared/b.ts' },
      { from: 'binder/a.ts', to: 'binder/c.ts' },
      { from: 'binder/a.ts', to: 'smpp' },
    ]);
  });

  test('functions and binder do not know each other', () => {
    expect(violations('functions', (to) => inside(to, 'binder'))).toEqual([]);
    expect(violations('binder', (to) => inside(to, 'functions'))).toEqual([]);
  });

  test('a function knows what functions share, and no other function', () => {
    const folderOf = (file: string) => file.split('/')[1];
    const knows = (to: string, from: string) => inside(to, 'functions') && folderOf(to) !== folderOf(from);
    expect(violations('functions', (to, from) => knows(to, from) && !inside(to, 'functions/middleware'))).toEqual([]);
  });

  test('shared knows none of the programs', () => {
    expect(
      violations('shared', (to) => ['functions', 'binder', 'cdk', 'cli'].some((room) => inside(to, room))),
    ).toEqual([]);
  });

  test('cdk names code by path only', () => {
    expect(violations('cdk', (to) => inside(to, 'functions') || inside(to, 'binder'))).toEqual([]);
  });

  test('the command line takes from cdk what describes a stack, from the binder what speaks SMPP, and starts neither', () => {
    const known = ['cli', 'shared', 'docs/client', 'cdk/config', 'binder/smpp', 'binder/session'];
    const inLocal = ['stack-file.ts', 'view/words.ts', 'aws/patterns.ts'].map((file) => `cdk/local/${file}`);
    const files = new Set(['cdk/project-context.ts', 'cdk/monitoring/alarms/queues.ts', ...inLocal]);
    const isOurs = (to: string) => /^(cdk|functions|binder|docs)\//.test(to);
    expect(
      violations('cli', (to) => isOurs(to) && !files.has(to) && !known.some((folder) => inside(to, folder))),
    ).toEqual([]);
    const rooms = ROOMS.filter((room) => room !== 'test' && room !== 'cli');
    expect(rooms.flatMap((room) => violations(room, (to) => inside(to, 'cli')))).toEqual([]);
  });

  test('nothing imports the tests', () => {
    const rooms = ROOMS.filter((room) => room !== 'test');
    expect(rooms.flatMap((room) => violations(room, (to) => inside(to, 'test')))).toEqual([]);
  });

  test('domain, encoding and receipts do no I/O', () => {
    const pure = ['shared/domain', 'shared/encoding', 'shared/receipts'];
    const allowed = (to: string) => pure.some((folder) => inside(to, folder)) || inside(to, 'shared/config');
    // Hashing is a function of its input like any other.
    const computes = (to: string) => to === 'node:buffer' || to === 'node:crypto';
    expect(pure.flatMap((folder) => violations(folder, (to) => !allowed(to) && !computes(to)))).toEqual([]);
  });

  test('only binder/smpp imports the smpp package', () => {
    const rooms = ROOMS.filter((room) => room !== 'test');
    const strangers = rooms.flatMap((room) =>
      violations(room, (to, from) => to === 'smpp' && !inside(from, 'binder/smpp')),
    );
    expect(strangers).toEqual([]);
  });

  test('production code imports no development dependency', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const development = (to: string) => packageName(to) in devDependencies && !packageName(to).startsWith('@types/');
    expect(['cli', 'functions', 'binder', 'shared'].flatMap((room) => violations(room, development))).toEqual([]);
  });

  test('process.env is read in one file of each program', () => {
    const readers = ['cli', 'functions', 'binder', 'shared'].flatMap(sourceFiles).filter((file) => {
      const code = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return code.includes('process.env');
    });
    const entries =
      /^(cli\/main\.ts|functions\/[^/]+\/index\.ts|binder\/(main|health)\.ts|binder\/simulator\/main\.ts)$/;
    expect(readers.filter((file) => !entries.test(file))).toEqual([]);
  });
});

describe('the house', () => {
  test('has no file over 250 lines', () => {
    const crowded = ROOMS.filter((room) => room !== 'test')
      .flatMap(sourceFiles)
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 251);
    expect(crowded).toEqual([]);
  });

  test('has no room named after nothing', () => {
    const vague = /(^|\/)(utils?|helpers?|manager|service|common|misc)(\/|\.ts$|-)/;
    // An ECS service is a thing of that name.
    const meant = new Set(['cdk/local/container/service.ts']);
    expect(ROOMS.flatMap(sourceFiles).filter((file) => vague.test(file) && !meant.has(file))).toEqual([]);
  });
});
