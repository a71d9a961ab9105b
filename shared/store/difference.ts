type Item = Record<string, unknown>;

/** An update expression for the top-level attributes that differ. */
export function difference(
  before: Item,
  after: Item,
): { expression: string; names: Record<string, string>; values: Item } {
  const names: Record<string, string> = {};
  const values: Item = {};
  const set: string[] = [];
  const remove: string[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[key] === after[key]) continue;
    names[`#${key}`] = key;
    if (after[key] === undefined) {
      remove.push(`#${key}`);
    } else {
      values[`:${key}`] = after[key];
      set.push(`#${key} = :${key}`);
    }
  }
  const parts = [set.length > 0 ? `SET ${set.join(', ')}` : '', remove.length > 0 ? `REMOVE ${remove.join(', ')}` : ''];
  return { expression: parts.filter(Boolean).join(' '), names, values };
}
