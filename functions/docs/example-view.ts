import type { DocumentOperation } from '../../shared/contracts/openapi/document.ts';
import { type JsonSchema, refName } from '../../shared/contracts/openapi/json-schema.ts';
import { type Html, html } from './html.ts';
import type { Schemas } from './schema-view.ts';

/** What stands for the parts of a path in an example. */
const PLACES: Readonly<Record<string, string>> = { number: '%2B639171234567' };

/** A dark plate with code on it. */
export function plate(caption: string, code: Html | string): Html {
  return html`<figure><figcaption>${caption}</figcaption><pre><code>${code}</code></pre></figure>`;
}

/** The example that a schema brings; undefined where it has none. */
export function exampleOf(schema: JsonSchema | undefined, schemas: Schemas): unknown {
  const named = schema === undefined ? undefined : schemas[refName(schema) ?? ''];
  return named?.examples?.[0];
}

/** A command that can be pasted where BINDERY_URL and BINDERY_KEY are set. */
export function curl(route: { method: string; path: string }, operation: DocumentOperation, schemas: Schemas): string {
  const { method, path } = route;
  const body = exampleOf(operation.requestBody?.content['application/json']?.schema, schemas);
  const filled = path.replace(/\{(\w+)\}/g, (_place, name: string) => PLACES[name] ?? `$${name.toUpperCase()}`);
  const lines = [
    `curl -sS${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$BINDERY_URL${filled}"`,
    ...(operation.security.length > 0 ? ['-H "Authorization: Bearer $BINDERY_KEY"'] : []),
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body, null, 2)}'`]),
  ];
  return lines.join(' \\\n  ');
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?\b/g;

/** JSON in colours. */
export function json(value: unknown): Html {
  const text = JSON.stringify(value, null, 2);
  const pieces: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, word] = match;
    const kind = string === undefined ? (word === undefined ? 'num' : 'kw') : colon === undefined ? 'str' : 'kw';
    const shown = string === undefined ? whole : string;
    pieces.push(html`${text.slice(end, match.index)}<span class="${kind}">${shown}</span>${colon ?? ''}`);
    end = match.index + whole.length;
  }
  return html`${pieces}${text.slice(end)}`;
}
