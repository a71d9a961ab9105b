import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** A piece of a line in one style. */
export interface Span {
  text: string;
  style?: Style;
}

export type Line = readonly Span[];

export function plain(text: string): Span {
  return { text };
}

export function styled(style: Style, text: string): Span {
  return { text, style };
}

/** Log lines may hold anything; a control character would move the cursor or worse. */
const CONTROL = /\p{Cc}/gu;
const graphemes = new Intl.Segmenter();

/** What a reader sees as characters; each takes one column in the texts of this view. */
function characters(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function widthOf(text: string): number {
  return characters(text).length;
}

function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** The line cut to at most `columns`, with an ellipsis where something is lost. */
function cut(line: Line, columns: number): Line {
  if (lineWidth(line) <= columns) return line;
  const kept: Span[] = [];
  let left = columns - 1;
  for (const span of line) {
    if (left <= 0) break;
    const text = characters(span.text).slice(0, left).join('');
    kept.push({ ...span, text });
    left -= widthOf(text);
  }
  return [...kept, plain('…')];
}

/** The line as text of at most `columns` columns, in colour or without. */
export function printLine(line: Line, { columns, colour }: { columns: number; colour: boolean }): string {
  const safe = line.map((span) => ({ ...span, text: span.text.replaceAll(CONTROL, '·') }));
  return cut(safe, columns)
    .map(({ text, style }) =>
      colour && style !== undefined ? styleText(style, text, { validateStream: false }) : text,
    )
    .join('');
}

/** Two lines as one: the second at the right edge, when there is room for both. */
export function spread(left: Line, right: Line, columns: number): Line {
  const gap = columns - lineWidth(left) - lineWidth(right);
  return gap < 2 ? left : [...left, plain(' '.repeat(gap)), ...right];
}
