import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Given } from '../../../cli/arguments.ts';
import { chunksOf, fingerprintOf } from '../../../cli/batch/chunks.ts';
import { Journal } from '../../../cli/batch/journal.ts';
import { refusedText, writeRefused } from '../../../cli/batch/refused-rows.ts';
import { checkColumns, itemOf, readRows } from '../../../cli/batch/rows.ts';
import { sendChunk, waitBefore } from '../../../cli/batch/send-chunk.ts';
import type { Context } from '../../../cli/command.ts';
import { batchSend } from '../../../cli/commands/batch-send.ts';
import { Terminal } from '../../../cli/terminal/terminal.ts';
import { Bindery, BinderyError, type CreatedBatch } from '../../../docs/client/bindery.ts';

const folder = mkdtempSync(join(tmpdir(), 'bindery-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const rowsOf = (text: string) => readRows(octets(text), 'a.csv');

describe('a file of rows', () => {
  test('is read with commas, semicolons or tabs, quotes, line breaks in them, and the mark of a spreadsheet', () => {
    const row = { to: '09171234567', name: 'Ana, "B."\nC' };
    for (const divider of [',', ';', '\t']) {
      const text = `\uFEFFto${divider}name\r\n09171234567${divider}"Ana, ""B.""\nC"\r\n\r\n`;
      expect(rowsOf(text)).toEqual({ columns: ['to', 'name'], rows: [row] });
    }
  });

  test('that cannot be read is refused with the line', () => {
    expect(() => rowsOf('to,name\n1,2,3\n')).toThrow('line 2 has 3 fields, and the first line names 2');
    expect(() => rowsOf('to,name\n1,"Ana\n2,Ben\n')).toThrow('a double quote is opened, and never closed');
    expect(() => rowsOf('')).toThrow('a.csv is empty');
    expect(() => rowsOf('to,to\n1,2\n')).toThrow('has the column to twice');
    expect(() => readRows(Uint8Array.of(0x74, 0x6f, 0x0a, 0xe9), 'a.csv')).toThrow('a.csv is not UTF-8');
  });

  test('needs a column for the number and for every place of the text', () => {
    const rows = rowsOf('number,name\n1,Ana\n');
    const text = 'Hi {{nmae}}';
    expect(() => checkColumns(rows, { to: 'to', text, hasSender: false })).toThrow(
      /no column to; its columns are number, name[\s\S]*--from[\s\S]*no column nmae\. Did you mean name\?/,
    );
    expect(() => checkColumns(rows, { to: 'number', text: undefined, hasSender: true })).toThrow('--text');
    checkColumns(rows, { to: 'number', text: 'Hi {{ name }}', hasSender: true });
  });

  test('becomes items whose variables are the columns that their text uses, and no others', () => {
    const { rows } = rowsOf('to,name,note,from,text\n1,Ana,x,,\n2,Ben,x,SHOP,"Dear {{note}}"\n');
    const mapping = { to: 'to', text: 'Hi {{name}}', hasSender: true };
    expect(rows.map((row) => itemOf(row, mapping))).toEqual([
      { to: '1', variables: { name: 'Ana' } },
      { to: '2', from: 'SHOP', text: 'Dear {{note}}', variables: { note: 'x' } },
    ]);
  });
});

describe('the chunks of a file', () => {
  const items = Array.from({ length: 2_345 }, (_, index) => ({ to: `0917${index}` }));

  test('have a thousand items each, and all of them in order', () => {
    const chunks = chunksOf(items, 'f');
    expect(chunks.map(({ start, items: { length } }) => [start, length])).toEqual([
      [0, 1000],
      [1000, 1000],
      [2000, 345],
    ]);
    expect(chunks.flatMap((chunk) => chunk.items)).toEqual(items);
    expect(chunksOf([], 'f')).toEqual([]);
  });

  test('stay below what a body may have', () => {
    const long = Array.from({ length: 1_000 }, () => ({ to: '1', text: 'ñ'.repeat(1_500) }));
    for (const { items: some } of chunksOf(long, 'f')) {
      expect(Buffer.byteLength(JSON.stringify({ items: some }))).toBeLessThan(2_000_000);
    }
  });

  test('have keys that are the same for the same file sent the same way, and for nothing else', () => {
    const print = (text: string, run: string): string => fingerprintOf(octets(text), { run });
    expect(chunksOf(items, print('a', ''))).toEqual(chunksOf(items, print('a', '')));
    const keys = [print('a', ''), print('b', ''), print('a', 'two')].flatMap((each) =>
      chunksOf(items, each).map(({ idempotencyKey }) => idempotencyKey),
    );
    expect(new Set(keys).size).toBe(9);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
  });
});

describe('what was sent', () => {
  const sent = { batch_id: 'bat_1', accepted: 1, segments: 1, refused: [], sent_at: '2026-11-23T00:00:00Z' };

  test('is known again from the file beside it', () => {
    const path = join(folder, 'a.sent.json');
    Journal.open(path).add('key', sent);
    expect(Journal.open(path).find('key')).toEqual(sent);
    expect(Journal.open(path).find('toString')).toBeUndefined();
  });

  test('is not guessed where that file is broken', () => {
    const path = join(folder, 'b.sent.json');
    writeFileSync(path, '{"chunks":');
    expect(() => Journal.open(path)).toThrow('nobody knows what was sent');
  });

  test('and refused comes back as a file that can be mended and sent', () => {
    const rows = rowsOf('to,name,refused_code,refused_why\n1,"Ana, B",old,old\n2,Ben,,\n');
    const text = refusedText(rows, [[0, 'invalid_number', 'no "number"']]);
    expect(text).toBe('to,name,refused_code,refused_why\n1,"Ana, B",invalid_number,"no ""number"""\n');
    const path = join(folder, 'a.refused.csv');
    expect(writeRefused(join(folder, 'a'), rows, [[1, 'x', 'y']])).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain('2,Ben,x,y');
  });

  test('and refused is not written over what a person has mended since', () => {
    const rows = rowsOf('to\n1\n');
    const refused = () => writeRefused(join(folder, 'kept'), rows, [[0, 'x', 'y']]);
    const path = refused();
    expect(refused()).toBe(path);
    writeFileSync(path ?? '', 'to\nmended\n');
    expect([refused(), refused()]).toEqual(Array(2).fill(join(folder, 'kept.refused.2.csv')));
    expect(writeRefused(join(folder, 'kept'), rows, [])).toBeUndefined();
    expect(readFileSync(path ?? '', 'utf8')).toBe('to\nmended\n');
  });
});

test('what a test key sent is still to be sent with a live one, and nothing goes twice with the same', async () => {
  const file = join(folder, 'tried.csv');
  writeFileSync(file, 'to\n09171234567\n');
  const keys: (string | undefined)[] = [];
  const createBatch: Bindery['createBatch'] = async (_, options) => {
    keys.push(options?.idempotencyKey);
    const created = { id: 'bat_1', accepted: 1, segments: 1, items: [], created_at: '2026-11-23T00:00:00Z' };
    return await Promise.resolve(created as unknown as CreatedBatch);
  };
  const send = async (mode: 'test' | 'live') => {
    const output = { write: () => undefined };
    const given = new Map([['from', 'BINDERY'] as const, ['text', 'Hi'] as const]);
    return await batchSend.run(new Given(given, [file]), {
      terminal: new Terminal({ stdout: output, stderr: output, environment: {}, json: true }),
      stack: async () => await Promise.resolve({ name: 'bindery-prod' }),
      api: async () => await Promise.resolve({ createBatch }),
      now: Date.now,
      signal: new AbortController().signal,
      environment: { BINDERY_KEY: `bk_${mode}_shop_0123456789abcdef` },
    } as unknown as Context);
  };
  for (const mode of ['test', 'live', 'live', 'test'] as const) expect(await send(mode)).toBe(0);
  expect(new Set(keys).size).toBe(2);
  expect(keys).toHaveLength(2);
});

describe('a chunk that is not taken', () => {
  const refusal = (about: Partial<Pick<BinderyError, 'status' | 'retryable' | 'retryAfterMs'>>): BinderyError =>
    new BinderyError('no', {
      code: 'lane_full',
      status: 429,
      retryable: true,
      ...(about as { retryAfterMs?: number }),
    });

  test('is tried again when the API says, unless that is too far off or it will never be taken', () => {
    expect(waitBefore(refusal({ retryAfterMs: 300_000 }), 0)).toBe(300_000);
    expect(waitBefore(refusal({ retryAfterMs: 3_600_000 }), 0)).toBeUndefined();
    expect(waitBefore(refusal({ retryable: false }), 0)).toBeUndefined();
    expect([0, 1, 7, 8].map((faults) => waitBefore(refusal({}), faults))).toEqual([2_000, 4_000, 60_000, undefined]);
  });

  test('goes with the same key each time', async () => {
    const keys: (string | null)[] = [];
    const answer = {
      id: 'bat_1',
      accepted: 0,
      segments: 0,
      created_at: 't',
      items: [
        {
          index: 0,
          status: 'refused',
          client_ref: null,
          code: 'invalid_number',
          errors: [{ pointer: '/items/0/to', code: 'invalid_number', detail: 'no' }],
        },
      ],
    };
    const json = (body: object, status: number, headers = {}) =>
      new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
    const api = new Bindery({
      url: 'http://127.0.0.1:1',
      key: 'k',
      mostRetries: 0,
      fetch: async (_, init) => {
        keys.push(new Headers(init?.headers).get('idempotency-key'));
        return keys.length === 1 ? json({}, 503, { 'retry-after': '0' }) : json(answer, 202);
      },
    });
    const waits: string[] = [];
    const chunk = { start: 0, items: [{ to: 'x' }], idempotencyKey: 'cli-f-0' };
    const { signal } = new AbortController();
    const sent = await sendChunk(api, chunk, { lane: 'bulk' }, { onWait: (why) => waits.push(why), signal });
    expect(sent.refused).toEqual([[0, 'invalid_number', 'no']]);
    expect(keys).toEqual(['cli-f-0', 'cli-f-0']);
    expect(waits).toEqual(['not_a_problem']);
  });
});
