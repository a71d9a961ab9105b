/** Edits that turn one word into the other: a letter more, less or another, or two neighbours exchanged. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        ...(swapped && row > 1 && column > 1 ? [(before[column - 2] ?? 0) + 1] : []),
      );
    }
    before = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/** What was most likely meant, the nearest first; nothing where it could be anything. */
function suggestions(given: string, known: readonly string[]): string[] {
  const far = Math.max(1, Math.floor(given.length / 3));
  return known
    .map((word) => ({ word, edits: word.startsWith(given) && given.length > 1 ? 0 : distance(given, word) }))
    .filter(({ edits }) => edits <= far)
    .sort((one, other) => one.edits - other.edits)
    .slice(0, 3)
    .map(({ word }) => word);
}

/** ` Did you mean x or y?`, or nothing. @param prefix what stands before each of them where it is typed */
export function didYouMean(given: string, known: readonly string[], prefix = ''): string {
  const words = suggestions(given, known).map((word) => `${prefix}${word}`);
  return words.length === 0 ? '' : ` Did you mean ${words.join(' or ')}?`;
}
