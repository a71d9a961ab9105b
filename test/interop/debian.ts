import { type ExecFileException, execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe } from 'vitest';

const run = promisify(execFile);

/** Measured: two seconds for Net::SMPP, fourteen for buildah, sixteen for tshark. */
const INSTALL_TIMEOUT_MS = 60_000;
const MOST_SAID = 200;

/** Software of others, by Debian's name, with a command that succeeds where it can be used. */
const PACKAGES = {
  'libnet-smpp-perl': ['perl', '-MNet::SMPP', '-MJSON::PP', '-e', '1'],
  // A container's file system is mounted in a name space of its own.
  buildah: ['unshare', '--mount', 'buildah', '--version'],
  // Listing what the loopback can capture takes the same permission as capturing.
  tshark: ['tshark', '-L', '-i', 'lo'],
} as const;
type Package = keyof typeof PACKAGES;

/**
 * `describe` for tests that need a Debian package, which is installed where this process may do so. Where it cannot be had
 * the tests are skipped, and their title and the terminal say why.
 */
export async function describeWith(name: Package): Promise<(title: string, tests: () => void) => void> {
  const why = await missing(name);
  if (why === undefined) return (title, tests) => describe(title, tests);
  console.warn(`skipped: ${why}`);
  return (title, tests) => describe.skip(`${title} (skipped: ${why})`, tests);
}

/** Why the package cannot be used, or undefined where it can. */
async function missing(name: Package): Promise<string | undefined> {
  const problem = await problemWith(name);
  if (problem === undefined) return undefined;
  if (await isInstalled(name)) return `${name} is installed and does not run: ${problem}`;
  if (process.getuid?.() !== 0) return `${name} is not installed, and only root could install it`;
  try {
    await install(name);
  } catch (error) {
    return `${name} is not installed, and could not be: ${saidBy(error)}`;
  }
  const remaining = await problemWith(name);
  return remaining === undefined ? undefined : `${name} was installed and does not run: ${remaining}`;
}

async function problemWith(name: Package): Promise<string | undefined> {
  const [command, ...args] = PACKAGES[name];
  return run(command, args).then(() => undefined, saidBy);
}

async function isInstalled(name: Package): Promise<boolean> {
  const query = ['--show', '--showformat=${db:Status-Status}', name];
  return run('dpkg-query', query).then(
    ({ stdout }) => stdout === 'installed',
    () => false,
  );
}

async function install(name: Package): Promise<void> {
  // Test files run side by side, and apt-get update does not wait for its lock.
  const apt = 'apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=10 -o DPkg::Lock::Timeout=30';
  await run(
    'flock',
    [import.meta.filename, 'sh', '-c', `${apt} update && ${apt} install -y --no-install-recommends ${name}`],
    {
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    },
  );
}

function saidBy(error: unknown): string {
  const { stderr, message, killed } = error as ExecFileException;
  if (killed) return `it took longer than ${INSTALL_TIMEOUT_MS / 1000} s`;
  return (stderr?.trim() || message).replaceAll(/\s+/g, ' ').slice(0, MOST_SAID);
}
