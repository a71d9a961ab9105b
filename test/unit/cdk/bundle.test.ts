import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundle, FUNCTIONS } from '../../../cdk/bundle.ts';

const run = promisify(execFile);
let root: string;
let outdir: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function writeProject(): void {
  for (const name of FUNCTIONS) write(`functions/${name}/index.ts`, `export const handler = (): string => '${name}';`);
  write('binder/main.ts', "import { bind } from './smpp/codec.ts';\nexport const main = bind;");
  write('binder/health.ts', 'export const healthy: boolean = true;');
  write('binder/smpp/codec.ts', "import smpp from 'smpp';\nexport const bind: string = smpp.PDU;");
  write('binder/Dockerfile', 'FROM scratch');
  // CommonJS, and in need of Node's own modules, as the real package is.
  write('node_modules/smpp/index.js', "const { sep } = require('node:path'); exports.PDU = 'codec' + sep;");
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bindery-bundle-'));
  outdir = join(root, '.build');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What a module exports, loaded as Lambda and the container load it: the test runner, and `--eval` alone, would lend it a `require`. */
async function exportsOf(path: string): Promise<unknown> {
  const program =
    "import(process.argv[1]).then((exports) => console.log(JSON.stringify(exports, (_, value) => typeof value === 'function' ? 'function' : value)))";
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program, pathToFileURL(path).href]);
  return JSON.parse(stdout);
}

describe('bundle', () => {
  test('every program becomes a module of its own that loads with nothing beside it', async () => {
    writeProject();
    const { functions, binder } = await bundle(root, outdir);
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(Object.keys(functions)).toEqual(FUNCTIONS);
    expect(await exportsOf(join(functions.send, 'index.mjs'))).toEqual({ handler: 'function' });
    expect(await exportsOf(join(binder, 'main.mjs'))).toEqual({ main: 'codec/' });
    expect(await exportsOf(join(binder, 'health.mjs'))).toEqual({ healthy: true });
    expect(statSync(join(binder, 'Dockerfile')).isFile()).toBe(true);
  });

  test('all sources that are missing are named, by their path in the project', async () => {
    writeProject();
    rmSync(join(root, 'functions/send'), { recursive: true });
    rmSync(join(root, 'binder/health.ts'));
    await expect(bundle(root, outdir)).rejects.toMatchObject({
      code: 'source_missing',
      message: 'cannot bundle, missing: functions/send/index.ts, binder/health.ts',
    });
  });

  test('a function that pulls the SMPP codec in is refused', async () => {
    writeProject();
    write('functions/send/index.ts', "import smpp from 'smpp';\nexport const handler = (): string => smpp.PDU;");
    await expect(bundle(root, outdir)).rejects.toThrow(/functions\/send\/index\.ts.*only the binder/);
  });

  test('what has not changed is not written again, so that a second synthesis never sees half a file', async () => {
    writeProject();
    const path = join((await bundle(root, outdir)).functions.send, 'index.mjs');
    const { mtimeMs, ino } = statSync(path);
    await bundle(root, outdir);
    expect(statSync(path)).toMatchObject({ mtimeMs, ino });
    write('functions/send/index.ts', 'export const handler = (): number => 5;');
    await bundle(root, outdir);
    expect(statSync(path).ino).not.toBe(ino);
  });

  test('what is packed can be read by users of Lambda and of the image, however strict the mask of who builds is', async () => {
    writeProject();
    const { functions, binder } = await bundle(root, outdir);
    const paths = [join(functions.send, 'index.mjs'), join(binder, 'main.mjs')];
    for (const path of paths) chmodSync(path, 0o600);
    write('functions/send/index.ts', 'export const handler = (): number => 5;');
    await bundle(root, outdir);
    for (const path of paths) expect(statSync(path).mode & 0o777).toBe(0o644);
  });
});
