import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NODE_USER, writeStandIn } from './stand-in.ts';

const run = promisify(execFile);

interface Configuration {
  User: string;
  Env: string[];
  Entrypoint: string[];
  WorkingDir: string;
}

/** Mounts the root read-only with the machine's /proc and /dev in it, and becomes the program as the image's user. */
const CONTAIN = [
  'set -e; root=$1; folder=$2; user=$3; shift 3',
  'mount --bind "$root" "$root"',
  'mount -t proc -o ro proc "$root/proc"',
  'mount --rbind /dev "$root/dev"',
  'mount -o remount,ro,bind "$root"',
  'exec unshare --root "$root" --wd "$folder" --setgid "$user" --setuid "$user" "$@"',
].join('\n');

/** An image that buildah made of a Dockerfile, and a container's root file system of it. */
export class Image {
  readonly configuration: Configuration;
  /** Of the layers that the Dockerfile adds to its base, uncompressed. */
  readonly lengthOctets: number;
  readonly #root: string;

  private constructor(root: string, configuration: Configuration, lengthOctets: number) {
    this.#root = root;
    this.configuration = configuration;
    this.lengthOctets = lengthOctets;
  }

  /**
   * Builds the Dockerfile in `context` with buildah, fetching nothing: its base is a stand-in with the same tag.
   * @param store a folder of its own
   */
  static async build(context: string, store: string): Promise<Image> {
    const [, base = ''] = /^FROM (\S+)/m.exec(readFileSync(join(context, 'Dockerfile'), 'utf8')) ?? [];
    const buildah = async (...args: string[]): Promise<string> => {
      const places = ['--root', join(store, 'images'), '--runroot', join(store, 'run'), '--storage-driver', 'vfs'];
      return (await run('buildah', [...places, ...args], { maxBuffer: 10_000_000 })).stdout.trim();
    };
    const standIn = join(store, 'stand-in');
    writeStandIn(standIn);
    const empty = await buildah('from', 'scratch');
    await buildah('copy', '--quiet', empty, standIn, '/');
    await buildah('config', '--env', 'PATH=/usr/local/bin', empty);
    await buildah('commit', '--quiet', empty, base);
    await buildah('bud', '--isolation', 'chroot', '--pull-never', '--quiet', '--tag', 'binder', context);
    const inspected = JSON.parse(await buildah('inspect', '--type', 'image', 'binder')) as {
      Manifest: string;
      OCIv1: { config: Configuration };
    };
    const { layers } = JSON.parse(inspected.Manifest) as { layers: { size: number }[] };
    const added = layers.slice(1).reduce((sum, { size }) => sum + size, 0);
    const container = await buildah('from', '--pull-never', 'binder');
    return new Image(await buildah('mount', container), inspected.OCIv1.config, added);
  }

  /** The image's own program, or with `command` another one, as ECS runs it: its user, its variables, its root read-only. */
  start(variables: Readonly<Record<string, string>>, command = this.configuration.Entrypoint): ChildProcess {
    const { User, WorkingDir, Env } = this.configuration;
    if (User !== NODE_USER.name) throw new Error(`the image runs as "${User}"`);
    const own = Object.fromEntries(Env.map((line) => line.split(/=(.*)/s)));
    const contained = ['-c', CONTAIN, 'sh', this.#root, WorkingDir, String(NODE_USER.id), ...command];
    return spawn('unshare', ['--mount', 'sh', ...contained], {
      // The shell finds its tools where they are here, the program what the image has.
      env: { ...own, ...variables, PATH: `${own['PATH']}:/usr/sbin:/usr/bin:/sbin:/bin` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
