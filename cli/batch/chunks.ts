import { createHash } from 'node:crypto';
import type { BatchItem } from '../../docs/client/bindery.ts';

/** What one request may have. */
const MOST_ITEMS = 1_000;
/** A body may have two megabytes; room for what all items share. */
const MOST_OCTETS = 1_800_000;

export interface Chunk {
  /** Place of its first item in the file, from 0. */
  start: number;
  items: readonly BatchItem[];
  /** The same whenever the same rows are sent in the same way. */
  idempotencyKey: string;
}

/** Divides a file's items into requests, always in the same way. */
export function chunksOf(items: readonly BatchItem[], fingerprint: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let octets = 0;
  const close = (end: number): void => {
    if (end === start) return;
    chunks.push({ start, items: items.slice(start, end), idempotencyKey: `cli-${fingerprint}-${chunks.length}` });
    start = end;
    octets = 0;
  };
  items.forEach((item, index) => {
    const length = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (index - start === MOST_ITEMS || octets + length > MOST_OCTETS) close(index);
    octets += length;
  });
  close(items.length);
  return chunks;
}

/** What a file and everything that decides what is sent of it have in common with no other. */
export function fingerprintOf(contents: Uint8Array, settings: object): string {
  return createHash('sha256').update(contents).update('\0').update(JSON.stringify(settings)).digest('hex').slice(0, 40);
}
