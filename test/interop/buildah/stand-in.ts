import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The user of the official image; a test compares the Dockerfile's with it. */
export const NODE_USER = { name: 'node', id: 1_000 };

/** Where the dynamic linker of a program finds what it needs, the linker itself included. */
function librariesOf(program: string): string[] {
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  return Array.from(listed.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm), ([, path = '']) => path);
}

/**
 * Writes a root file system with nothing but this Node and the user of the official image into `root`: no shell, no package
 * manager, nothing that a Dockerfile which installs something could use.
 */
export function writeStandIn(root: string): void {
  const folders = ['proc', 'dev', 'tmp', 'etc', 'usr/local/bin'].map((name) => join(root, name));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  copyFileSync(process.execPath, join(root, 'usr/local/bin/node'));
  for (const path of librariesOf(process.execPath)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(path, join(root, path));
  }
  const { name, id } = NODE_USER;
  writeFileSync(
    join(root, 'etc/passwd'),
    `root:x:0:0::/:/bin/false\n${name}:x:${id}:${id}::/home/${name}:/bin/false\n`,
  );
  writeFileSync(join(root, 'etc/group'), `root:x:0:\n${name}:x:${id}:\n`);
}
