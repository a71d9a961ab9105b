import { CsvError, parse } from 'csv-parse/sync';
import type { BatchItem } from '../../docs/client/bindery.ts';
import { EXIT } from '../exit-codes.ts';
import { CliError, UsageError } from '../failure.ts';
import { didYouMean } from '../suggestion.ts';

/** A file of rows under a line of column names. */
export interface Rows {
  columns: readonly string[];
  rows: readonly Readonly<Record<string, string>>[];
}

const DELIMITERS = [',', ';', '\t'];
const PLACE = /\{\{ *([A-Za-z][A-Za-z0-9_]{0,39}) *\}\}/g;

/** Spreadsheets write semicolons where a comma divides decimals. */
function delimiterOf(text: string): string {
  const [heading = ''] = text.split(/\r?\n/, 1);
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, times: heading.split(delimiter).length }));
  return counted.reduce((most, one) => (one.times > most.times ? one : most)).delimiter;
}

function decode(contents: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(contents);
  } catch {
    throw new CliError('not_utf8', `${name} is not UTF-8`, { next: 'Save it as "CSV UTF-8" in the spreadsheet.' });
  }
}

/** What is wrong with a file, for one who knows spreadsheets. */
function explain(
  { code, message, lines, record }: CsvError,
  columns: readonly string[],
): { what: string; next: string } {
  const quotes = 'A text with a comma, a line break or a double quote stands in double quotes; one in it is doubled.';
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
      return {
        what: `line ${String(lines)} has ${(record as string[]).length} fields, and the first line names ${columns.length}`,
        next: quotes,
      };
    case 'CSV_QUOTE_NOT_CLOSED':
      return { what: 'a double quote is opened, and never closed', next: quotes };
    default:
      return { what: message, next: quotes };
  }
}

/** @throws CliError naming the line that cannot be read */
export function readRows(contents: Uint8Array, name: string): Rows {
  const text = decode(contents, name);
  let columns: string[] = [];
  try {
    const rows: Record<string, string>[] = parse(text, {
      delimiter: delimiterOf(text),
      skip_empty_lines: true,
      trim: true,
      columns: (names: string[]) => (columns = names),
    });
    const twice = columns.find((column, index) => columns.indexOf(column) !== index);
    if (twice !== undefined) throw new CliError('csv_invalid', `${name} has the column ${twice} twice`);
    if (columns.length === 0) throw new CliError('file_empty', `${name} is empty`, { exitCode: EXIT.usage });
    return { columns, rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { what, next } = explain(error, columns);
    throw new CliError('csv_invalid', `${name} cannot be read: ${what}`, { next });
  }
}

/** What of a row is the message's own; every other column may be a variable. */
const OWN = ['from', 'text', 'client_ref'] as const;

export interface Mapping {
  /** The column of the number. */
  to: string;
  /** Of rows without a text of their own. */
  text: string | undefined;
  /** Whether rows need no sender id of their own. */
  hasSender: boolean;
}

function placesOf(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = '']) => name);
}

/** @throws UsageError where no row could be sent, because a column is not there */
export function checkColumns({ columns }: Rows, { to, text, hasSender }: Mapping): void {
  const problems: string[] = [];
  const missing = (column: string) => !columns.includes(column);
  if (missing(to)) {
    problems.push(
      `the file has no column ${to}; its columns are ${columns.join(', ')}. Name that of the numbers with --to-column`,
    );
  }
  if (text === undefined && missing('text')) problems.push('give the text with --text, or in a column text');
  if (!hasSender && missing('from')) problems.push('give the sender id with --from, or in a column from');
  for (const place of new Set(placesOf(text ?? ''))) {
    if (missing(place))
      problems.push(`the text has {{${place}}}, and the file no column ${place}.${didYouMean(place, columns)}`);
  }
  if (problems.length > 0) throw new UsageError(...problems);
}

/** A row as an item of a batch: of its columns those that its text uses are variables. */
export function itemOf(row: Readonly<Record<string, string>>, { to, text }: Mapping): BatchItem {
  const own = OWN.flatMap((name) => (row[name] === undefined || row[name] === '' ? [] : [[name, row[name]] as const]));
  const item = Object.fromEntries(own) as Partial<Record<(typeof OWN)[number], string>>;
  const used = new Set(placesOf(item.text ?? text ?? ''));
  const variables = Object.fromEntries(
    [...used].flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])),
  );
  return { to: row[to] ?? '', ...item, ...(used.size === 0 ? {} : { variables }) };
}
