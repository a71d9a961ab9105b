/** Colours, or none where nobody would see them. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  accent(text: string): string;
}

const sgr = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`;
const plain = (text: string) => text;

/** @param stream where the text goes; https://no-color.org is honoured */
export function paintFor(stream: { isTTY?: boolean }, environment: Record<string, string | undefined>): Paint {
  const coloured = stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const colour = (code: number) => (coloured ? sgr(code) : plain);
  return { bold: colour(1), dim: colour(2), good: colour(32), bad: colour(31), accent: colour(36) };
}
