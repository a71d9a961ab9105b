import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** The functions by folder name under `functions/`. */
export const FUNCTIONS = [
  'send',
  'query',
  'manage',
  'docs',
  'apply-receipts',
  'publish-events',
  'deliver-webhook',
  'feed-batches',
  'sweep',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Directories that become assets of the template. */
export interface Bundles {
  functions: Record<FunctionName, string>;
  /** The binder's image: its programs and their Dockerfile. */
  binder: string;
}

/** The sources of a program are not where they should be. */
export class MissingSourceError extends Error {
  readonly code = 'source_missing';
}

/**
 * CommonJS packages keep calls of `require` for Node's own modules, which an ES module lacks. The long name cannot meet
 * a name that esbuild's minifier makes up, which would break the bundle unnoticed.
 */
const BANNER = [
  "import { createRequire as __binderyCreateRequire } from 'node:module';",
  'const require = __binderyCreateRequire(import.meta.url);',
].join('');

/** By everybody, whatever the mask of who builds: Lambda and the image's user are neither owner nor group of what is packed. */
const READABLE = 0o644;

/** Writes whole files only, and only changed ones: two syntheses at once never see each other's half-written bundle. */
async function writeChanged(path: string, contents: Uint8Array): Promise<void> {
  if (existsSync(path) && (await readFile(path)).equals(contents)) return chmod(path, READABLE);
  await mkdir(dirname(path), { recursive: true });
  const whole = `${path}.${process.pid}`;
  await writeFile(whole, contents);
  await chmod(whole, READABLE);
  await rename(whole, path);
}

/** No function speaks SMPP: one that pulled the codec in did so by an import that crept in through shared code. */
const smppStaysInBinder: Plugin = {
  name: 'smpp-stays-in-binder',
  setup(build) {
    build.onResolve({ filter: /^smpp$/ }, ({ importer }) =>
      importer.includes(`${sep}binder${sep}`)
        ? undefined
        : { errors: [{ text: 'only the binder uses the smpp package' }] },
    );
  },
};

/** What stands in for a provider of credentials: it tells the SDK's chain to ask the next one. */
const ABSENT_PROVIDER = [
  "const absent = () => () => Promise.reject(Object.assign(new Error('not in this bundle'), { tryNextLink: true }));",
  'export { absent as fromIni, absent as fromProcess, absent as fromSSO, absent as fromTokenFile };',
].join('');

/**
 * Leaves out the ways to credentials that people's machines have: profiles, single sign-on, processes, token files. They
 * are a fifth of every bundle and never reached, since a function has its credentials in the environment and a task at
 * its container's address.
 */
const credentialsOfPrograms: Plugin = {
  name: 'credentials-of-programs',
  setup(build) {
    const personal = /^@aws-sdk\/credential-provider-(ini|process|sso|web-identity)$/;
    build.onResolve({ filter: personal }, ({ path }) => ({ path, namespace: 'absent-provider' }));
    build.onLoad({ filter: personal, namespace: 'absent-provider' }, () => ({ contents: ABSENT_PROVIDER }));
  },
};

/** What stands in for zod's way from its schemas to JSON Schema. */
const NO_JSON_SCHEMA = [
  "const absent = () => { throw new Error('schemas only validate in this bundle'); };",
  'const method = () => absent;',
  'export { method as createToJSONSchemaMethod, method as createStandardJSONSchemaMethod };',
  'export { absent as toJSONSchema, absent as extractDefs, absent as finalize, absent as handleUnrepresentable };',
  'export { absent as initializeContext, absent as processSchema, absent as allProcessors };',
].join('');

/** Leaves that way out, a fifth of zod: the OpenAPI document is made before a bundle is, and programs only validate. */
const schemasOnlyValidate: Plugin = {
  name: 'schemas-only-validate',
  setup(build) {
    const jsonSchema = /[/\\]zod[/\\]v4[/\\]core[/\\](to-json-schema|json-schema-processors)\.js$/;
    build.onLoad({ filter: jsonSchema }, () => ({ contents: NO_JSON_SCHEMA }));
  },
};

/** The SDK reads one field of its packages' descriptions, for the header that names it; a bundle would hold all of each. */
const versionsOnly: Plugin = {
  name: 'versions-only',
  setup(build) {
    build.onLoad({ filter: /[/\\]@aws-sdk[/\\][^/\\]+[/\\]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/**
 * Bundles every program below `root` into `outdir` with one call of esbuild.
 * @throws MissingSourceError naming every source that does not exist; the build failure of esbuild.
 */
export async function bundle(root: string, outdir: string): Promise<Bundles> {
  const programs = [
    ...FUNCTIONS.map((name) => ({ in: join(root, 'functions', name, 'index.ts'), out: `functions/${name}/index` })),
    { in: join(root, 'binder/main.ts'), out: 'binder/main' },
    { in: join(root, 'binder/health.ts'), out: 'binder/health' },
  ];
  const dockerfile = join(root, 'binder/Dockerfile');
  const missing = [...programs.map((program) => program.in), dockerfile].filter((path) => !existsSync(path));
  if (missing.length > 0) {
    throw new MissingSourceError(`cannot bundle, missing: ${missing.map((path) => relative(root, path)).join(', ')}`);
  }
  const { outputFiles } = await build({
    entryPoints: programs,
    outdir,
    absWorkingDir: root,
    write: false,
    bundle: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    banner: { js: BANNER },
    plugins: [smppStaysInBinder, credentialsOfPrograms, schemasOnlyValidate, versionsOnly],
    logLevel: 'silent',
  });
  await Promise.all(outputFiles.map((file) => writeChanged(file.path, file.contents)));
  await writeChanged(join(outdir, 'binder/Dockerfile'), await readFile(dockerfile));
  const entries = FUNCTIONS.map((name) => [name, join(outdir, 'functions', name)]);
  return { functions: Object.fromEntries(entries) as Bundles['functions'], binder: join(outdir, 'binder') };
}
