import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The parsed content of a JSON file; undefined when there is none. */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  return JSON.parse(text);
}

/** Replaces the file as a whole, so that a reader or a crash never meets half of it. Only the owner may read it. */
export function writeJsonFile(path: string, content: unknown): void {
  const draft = `${path}.new`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
