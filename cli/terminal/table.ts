import { stripVTControlCharacters } from 'node:util';

const GAP = '  ';

const graphemes = new Intl.Segmenter();

/** Columns of a terminal, as far as one character takes one. */
function width(text: string): number {
  return Array.from(graphemes.segment(stripVTControlCharacters(text))).length;
}

/** Columns as wide as their widest cell, with a heading; columns of numbers to the right. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { right = [] }: { right?: readonly string[] } = {},
): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - width(cell));
        return right.includes(headings[column] ?? '') ? padding + cell : cell + padding;
      })
      .join(GAP)
      .trimEnd();
  return [line(headings), ...rows.map(line)];
}

/** Names and values, the values under each other. */
export function fields(entries: readonly (readonly [name: string, value: string])[]): string[] {
  const widest = Math.max(0, ...entries.map(([name]) => width(name)));
  return entries.map(([name, value]) => `${name}${' '.repeat(widest - width(name))}${GAP}${value}`.trimEnd());
}
