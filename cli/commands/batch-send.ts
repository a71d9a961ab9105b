import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { count, counted, duration } from '../../cdk/local/view/words.ts';
import { LANES } from '../../shared/config/account.ts';
import { parseKey } from '../../shared/domain/api-key.ts';
import type { Given } from '../arguments.ts';
import { type Chunk, chunksOf, fingerprintOf } from '../batch/chunks.ts';
import { Journal, type Refusal, type SentChunk } from '../batch/journal.ts';
import { writeRefused } from '../batch/refused-rows.ts';
import { checkColumns, itemOf, type Mapping, type Rows, readRows } from '../batch/rows.ts';
import { type Shared, sendChunk } from '../batch/send-chunk.ts';
import type { Command, Context } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CliError, UsageError } from '../failure.ts';
import { Progress } from '../terminal/progress.ts';

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new CliError('file_unreadable', `${path} cannot be read: ${why}`, { exitCode: EXIT.usage });
  }
}

/** Files that belong to it stand beside it under its name. */
function stemOf(path: string): string {
  return path.replace(/\.csv$/i, '');
}

function speedLimit(text: string | undefined): Shared['speed_limit'] {
  if (text === undefined) return undefined;
  const [, segments, per] = /^([1-9]\d{0,4})\/(second|minute)$/.exec(text) ?? [];
  if (segments === undefined) throw new UsageError('--speed must be like 5/second or 120/minute');
  return { segments: Number(segments), per: per === 'minute' ? 'minute' : 'second' };
}

function sharedOf(given: Given, path: string): Shared {
  return {
    lane: given.oneOf('lane', LANES) ?? 'bulk',
    speed_limit: speedLimit(given.text('speed')),
    send_at: given.text('send-at'),
    ttl_seconds: given.wholeNumber('ttl-seconds', { lowest: 1 }),
    client_ref: given.text('client-ref') ?? basename(path).slice(0, 100),
    defaults: { from: given.text('from'), text: given.text('text') },
  };
}

/** A file that is to be sent. */
interface Plan {
  rows: Rows;
  chunks: readonly Chunk[];
  shared: Shared;
}

async function planOf(given: Given, { stack, environment }: Context): Promise<Plan> {
  const path = given.argument;
  const contents = readFile(path);
  const shared = sharedOf(given, path);
  const mapping: Mapping = {
    to: given.text('to-column') ?? 'to',
    text: given.text('text'),
    hasSender: given.text('from') !== undefined,
  };
  const rows = readRows(contents, path);
  checkColumns(rows, mapping);
  const items = rows.rows.map((row) => itemOf(row, mapping));
  // A name of the stack: another stack is another world, and the local one's address changes with each start.
  const place = { stack: (await stack()).name, run: given.text('run') ?? '' };
  // What a test key sent has reached nobody: with a live one the file is still to be sent.
  const isTest = parseKey(environment['BINDERY_KEY'] ?? '')?.test === true;
  const settings = { ...place, mapping, shared, ...(isTest ? { test: true } : {}) };
  return { rows, chunks: chunksOf(items, fingerprintOf(contents, settings)), shared };
}

/** Sends what the journal does not have. @returns what became of each chunk, as far as it came */
async function sendAll({ chunks, shared, rows }: Plan, journal: Journal, context: Context): Promise<SentChunk[]> {
  const { terminal, now, signal } = context;
  const api = await context.api();
  const progress = new Progress({ terminal, what: 'rows', total: rows.rows.length, now });
  const done: SentChunk[] = [];
  try {
    for (const chunk of chunks) {
      const found = journal.find(chunk.idempotencyKey);
      const onWait = (why: string, waitMs: number): void => progress.show(`${why}: next try in ${duration(waitMs)}`);
      const sent = found ?? (await sendChunk(api, chunk, shared, { onWait, signal }));
      if (found === undefined) journal.add(chunk.idempotencyKey, sent);
      done.push(sent);
      progress.advance(chunk.items.length, { found: found !== undefined });
    }
  } catch (error) {
    const rest = rows.rows.length - (chunks[done.length]?.start ?? 0);
    terminal.note('', `! ${counted(rest, 'row')} not known to be sent. The same command goes on where it stopped.`);
    throw error;
  } finally {
    progress.end();
  }
  return done;
}

function summarize(plan: Plan, done: readonly SentChunk[], path: string, { terminal }: Context): ExitCode {
  const refusals = done.flatMap(({ refused }, index) =>
    refused.map(([item, code, why]): Refusal => [item + (plan.chunks[index]?.start ?? 0), code, why]),
  );
  const refusedPath = writeRefused(stemOf(path), plan.rows, refusals);
  const sum = (value: (chunk: SentChunk) => number): number => done.reduce((total, chunk) => total + value(chunk), 0);
  const accepted = sum((chunk) => chunk.accepted);
  const segments = sum((chunk) => chunk.segments);
  const batches = done.map(({ batch_id }) => batch_id);
  const reasons = [...Map.groupBy(refusals, ([, code]) => code)].map(([code, rows]) => `${code} ${count(rows.length)}`);
  const refused = refusals.length;
  const refused_file = refusedPath ?? null;
  terminal.answer({ rows: plan.rows.rows.length, accepted, refused, segments, batches, refused_file }, () => [
    `${accepted === 0 ? terminal.paint('red', '✗') : terminal.paint('green', '✓')} ${count(accepted)} of ${counted(plan.rows.rows.length, 'row')} accepted, ${counted(segments, 'segment')}, in ${counted(batches.length, 'batch', 'batches')}`,
    ...(refusedPath === undefined
      ? []
      : [`${terminal.paint('red', '✗')} ${count(refused)} refused (${reasons.join(', ')}): see ${refusedPath}`]),
    ...(accepted === 0
      ? []
      : ['', `How far they are: npm run cli -- batch ${batches.length === 1 ? `show ${batches[0]}` : 'list'}`]),
  ]);
  return refused === 0 ? EXIT.done : EXIT.partly;
}

export const batchSend: Command = {
  name: 'batch send',
  summary: 'send a file of rows: one message each, in batches of 1,000',
  about: [
    'The first line names the columns. `to` has the number; `from`, `text` and `client_ref` may be columns, too. Every other',
    'column is a variable: the text "Hi {{name}}" takes the column `name`.',
    'The same command sends nothing twice: what was sent stands in FILE.sent.json, and the API knows each request for 24 hours.',
    'Refused rows go to FILE.refused.csv with the reasons; mended, that file can be sent itself. One that is there is kept, and',
    'other refusals go to FILE.refused.2.csv.',
  ].join('\n'),
  arguments: ['FILE.csv'],
  options: {
    text: { value: 'TEXT', help: 'the text, with {{column}} for what differs' },
    from: { value: 'SENDER', help: 'the sender id' },
    lane: { value: 'LANE', help: `${LANES.join(', ')} (default bulk)` },
    'to-column': { value: 'NAME', help: 'the column of the numbers (default to)' },
    speed: {
      value: 'N/second',
      help: 'most segments a second or a minute, such as 5/second or 120/minute, in each batch',
    },
    'send-at': { value: 'TIME', help: 'when to begin, such as 2026-12-01T08:00:00+08:00' },
    'ttl-seconds': { value: 'N', help: 'for how long the messages may be sent' },
    'client-ref': { value: 'REF', help: 'your own reference (default the name of the file)' },
    run: { value: 'NAME', help: 'send the same file once more, under this name' },
    'dry-run': { help: 'read the file, show the first message, send nothing' },
  },
  examples: [
    'batch send docs/examples/cli/customers.csv --from BINDERY --text "Hi {{name}}, your order {{order}} is here" --dry-run',
    'batch send docs/examples/cli/customers.csv --from BINDERY --text "Hi {{name}}, your order {{order}} is here"',
  ],
  async run(given, context) {
    const path = given.argument;
    const plan = await planOf(given, context);
    const [first] = plan.chunks;
    if (first === undefined) throw new CliError('file_empty', `${path} has no rows`, { exitCode: EXIT.usage });
    if (given.flag('dry-run')) return await rehearse(plan, context, given.flag('full'));
    const done = await sendAll(plan, Journal.open(`${stemOf(path)}.sent.json`), context);
    return summarize(plan, done, path, context);
  },
};

/** Shows what would be sent. The API is asked about the first row. */
async function rehearse(
  { chunks, shared, rows }: Plan,
  { api, terminal, signal }: Context,
  full: boolean,
): Promise<ExitCode> {
  const item = chunks[0]?.items[0];
  const template = item?.text ?? shared.defaults?.text ?? '';
  const text = template.replaceAll(/\{\{ *(\w+) *\}\}/g, (place, name: string) => item?.variables?.[name] ?? place);
  const preview = await (await api()).previewMessage(
    { to: item?.to, from: item?.from ?? shared.defaults?.from, text, lane: shared.lane },
    { signal },
  );
  const { would_be_accepted, errors, segments, encoding } = preview;
  const document = {
    rows: rows.rows.length,
    batches: chunks.length,
    first: { would_be_accepted, errors, segments, encoding },
  };
  terminal.answer(document, () => [
    `${counted(rows.rows.length, 'row')} in ${counted(chunks.length, 'batch', 'batches')} through the lane ${shared.lane}; nothing is sent`,
    `the first: ${segments === null ? '? segments' : counted(segments, 'segment')} of ${encoding ?? '?'}${full ? `: ${text}` : ''}`,
    ...errors.map(({ pointer, detail }) => terminal.paint('red', `  ✗ ${pointer}: ${detail}`)),
  ]);
  return would_be_accepted ? EXIT.done : EXIT.failed;
}
