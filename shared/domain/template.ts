/** A name of a variable: a letter, then letters, digits or underscores. */
export const VARIABLE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
const OPENING = '{{';
const PLACE = /\{\{ *([A-Za-z][A-Za-z0-9_]{0,39}) *\}\}/y;

export type Values = Readonly<Record<string, string>>;

export type Filled =
  | { kind: 'filled'; text: string }
  /** What the text wants and nobody gives, and what was given for this text alone and stands nowhere in it. */
  | { kind: 'variables'; missing: string[]; unknown: string[] }
  /** A `{{` that begins no variable. It is no text that anybody would want to be sent. */
  | { kind: 'no_variable' };

/**
 * Puts values into the places `{{name}}` of a text. A value is taken as it is: what looks like a place in it is none.
 * @param own values for this text: each must stand in it
 * @param shared values for several texts, of which one may use some only
 */
export function fillTemplate(template: string, own: Values, shared: Values): Filled {
  const used = new Set<string>();
  const missing = new Set<string>();
  let text = '';
  let end = 0;
  for (let start = template.indexOf(OPENING); start >= 0; start = template.indexOf(OPENING, end)) {
    PLACE.lastIndex = start;
    const [place, name] = PLACE.exec(template) ?? [];
    if (place === undefined || name === undefined) return { kind: 'no_variable' };
    const value = valueOf(own, name) ?? valueOf(shared, name);
    if (value === undefined) missing.add(name);
    used.add(name);
    text += template.slice(end, start) + (value ?? '');
    end = start + place.length;
  }
  const unknown = Object.keys(own).filter((name) => !used.has(name));
  if (missing.size > 0 || unknown.length > 0) return { kind: 'variables', missing: [...missing], unknown };
  return { kind: 'filled', text: text + template.slice(end) };
}

/** No value is what every object inherits. */
function valueOf(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
