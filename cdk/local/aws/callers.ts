import { createHash } from 'node:crypto';
import type { AccessKey } from './api.ts';
import type { Caller } from './call.ts';

/** Who calls, by access key. Keys follow from the program's name, so that a log of yesterday still tells who called. */
export class Callers {
  readonly #byKey = new Map<string, Caller>();
  /** The local stack itself. */
  readonly local: Caller = { accessKeyId: keyOf('local'), program: 'local' };

  constructor() {
    this.#byKey.set(this.local.accessKeyId, this.local);
  }

  register({ program, role }: { program: string; role?: string }): AccessKey {
    const accessKeyId = keyOf(program);
    this.#byKey.set(accessKeyId, { accessKeyId, program, ...(role === undefined ? {} : { role }) });
    return { accessKeyId, secretAccessKey: digest(`secret of ${program}`).slice(0, 40) };
  }

  find(accessKeyId: string): Caller | undefined {
    return this.#byKey.get(accessKeyId);
  }
}

// "LKIA" is no prefix of AWS, so nobody mistakes the key for a real one.
const keyOf = (program: string): string => `LKIA${digest(program).slice(0, 16).toUpperCase()}`;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
