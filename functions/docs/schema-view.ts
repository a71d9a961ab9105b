import type { OpenApiDocument } from '../../shared/contracts/openapi/document.ts';
import { type JsonSchema, refName } from '../../shared/contracts/openapi/json-schema.ts';
import { type Html, html, inline } from './html.ts';

export type Schemas = OpenApiDocument['components']['schemas'];

/** What is said of a field beside its kind: whatever is the exception among its neighbours. */
type Mark = 'required' | 'may be absent';

interface Field {
  name: string;
  schema: JsonSchema;
  mark?: Mark | undefined;
}

/**
 * The fields of an object, each with its kind, its limits and its meaning.
 * @param isAsked what callers write: there every required field is named as such
 */
export function fieldList(schema: JsonSchema, { isAsked = false } = {}): Html {
  const fields = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required ?? []);
  const mostAreRequired = !isAsked && required.size > fields.length / 2;
  const markOf = (name: string): Mark | undefined => {
    if (required.has(name) === mostAreRequired) return undefined;
    return mostAreRequired ? 'may be absent' : 'required';
  };
  return html`<dl class="fields">${fields.map(([name, schema]) => field({ name, schema, mark: markOf(name) }))}</dl>`;
}

/** One field or parameter. */
export function field({ name, schema, mark }: Field): Html {
  const inner = innerFields(schema);
  return html`<div><dt><code>${name}</code> <span class="kind">${kindOf(schema)}</span>${mark !== undefined && html` <span class="need">${mark}</span>`}</dt>
<dd>${schema.description !== undefined && html`<p>${inline(schema.description)}</p>`}${choices(schema)}${limits(schema)}${inner !== undefined && fieldList(inner)}</dd></div>`;
}

/** What an object, or the objects in a list, have inside; undefined where another place shows it. */
function innerFields(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties !== undefined) return schema;
  const inside = [...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])];
  return inside.map(innerFields).find((found) => found !== undefined);
}

/** In words: `string`, `list of Message`, `time or null`. */
export function kindOf(schema: JsonSchema): Html {
  const name = refName(schema);
  if (name !== undefined) return html`<a href="#${name}">${name}</a>`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined)
    return html`${options.map((option, index) => html`${index > 0 && ' or '}${kindOf(option)}`)}`;
  if (schema.items !== undefined) return html`list of ${kindOf(schema.items)}`;
  const types = [schema.type ?? typeof (schema.const ?? schema.enum?.[0])].flat();
  return html`${types.map((type) => (type === 'string' && schema.format === 'date-time' ? 'time' : type)).join(' or ')}`;
}

function choices(schema: JsonSchema): Html | undefined {
  const values = schema.enum ?? schema.items?.enum;
  // The codes have a page of their own.
  if (values === undefined) return undefined;
  if (values.length > 20) return html`<div class="choices">one of the <a href="/docs/errors">codes</a></div>`;
  return html`<div class="choices">${values.map((value, index) => html`${index > 0 && ' · '}<code>${String(value)}</code>`)}</div>`;
}

function limits(schema: JsonSchema): Html | undefined {
  const said = [
    range(schema.minLength, schema.maxLength, 'characters'),
    range(schema.minItems, schema.maxItems, 'items'),
    range(schema.minimum, schema.maximum, ''),
    schema.default === undefined || typeof schema.default === 'object'
      ? undefined
      : `default ${JSON.stringify(schema.default).replaceAll('"', '')}`,
  ].filter((each) => each !== undefined);
  return said.length === 0 ? undefined : html`<div class="limits">${said.join(' · ')}</div>`;
}

function range(least: number | undefined, most: number | undefined, unit: string): string | undefined {
  const number = (value: number): string => value.toLocaleString('en');
  if (most === undefined) return least === undefined || least <= 1 ? undefined : `at least ${number(least)} ${unit}`;
  if (least === undefined || least === 0) return `at most ${number(most)} ${unit}`;
  return least === most ? `${number(least)} ${unit}` : `${number(least)} to ${number(most)} ${unit}`;
}
