import type {
  DocumentOperation,
  OpenApiDocument,
  Parameter,
  Response,
} from '../../shared/contracts/openapi/document.ts';
import { type JsonSchema, refName } from '../../shared/contracts/openapi/json-schema.ts';
import { curl, exampleOf, json, plate } from './example-view.ts';
import { type Html, html, inline, prose } from './html.ts';
import { page } from './page.ts';
import { field, fieldList, kindOf } from './schema-view.ts';

interface Routed {
  method: string;
  path: string;
  operation: DocumentOperation;
}

/** `GET /docs`: every operation and every object of the document. */
export function referencePage(document: OpenApiDocument): string {
  const routed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = document.tags.map((tag) => ({
    ...tag,
    routed: routed.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const { title, version, summary, description } = document.info;
  return page({
    title: `${title} API`,
    version,
    contents: html`${tags.map(
      ({ name, routed }) => html`<div><h2>${name}</h2><ul>${routed.map(contentsLine)}</ul></div>`,
    )}<div><h2>More</h2><ul><li><a href="#objects">Objects</a></li></ul></div>`,
    main: html`<header><h1>${title} API</h1><p class="lead">${summary}</p></header>
<div class="intro">${prose(description)}
${plate('Set these once; every command below can then be pasted', 'export BINDERY_URL=https://…   # where this page is, without /docs\nexport BINDERY_KEY=bk_live_…')}</div>
${tags.map(
  ({ name, description, routed }) => html`<section><h2 id="${slug(name)}">${name}</h2><p>${inline(description)}</p>
${routed.map((each) => operationArticle(each, document))}</section>`,
)}
<section><h2 id="objects">Objects</h2><p>What the operations take and give.</p>
${Object.entries(document.components.schemas).map(([name, schema]) => objectArticle(name, schema))}</section>`,
  });
}

function contentsLine({ method, operation }: Routed): Html {
  return html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span>${operation.summary}</a></li>`;
}

function operationArticle({ method, path, operation }: Routed, document: OpenApiDocument): Html {
  const { operationId, summary, description, security } = operation;
  const scopes = security.flatMap((way) => Object.values(way).flat());
  return html`<article id="${operationId}">
<div>
<h3><a href="#${operationId}">${summary}</a></h3>
<p class="route"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</p>
${prose(description)}
${scopes.length > 0 && html`<h4>${scopes.length > 1 ? 'Scope, one of' : 'Scope'}</h4><ul class="chips">${scopes.map((scope) => html`<li><span>${scope}</span></li>`)}</ul>`}
${parameterLists(operation, document)}
${bodyFields(operation, document)}
${answerList(operation, document)}
</div>
<div class="plates"><div>${plates({ method, path, operation }, document)}</div></div>
</article>`;
}

function parametersOf({ parameters = [] }: DocumentOperation, document: OpenApiDocument): Parameter[] {
  return parameters.flatMap((each) =>
    '$ref' in each ? (document.components.parameters[each.$ref.split('/').at(-1) ?? ''] ?? []) : [each],
  );
}

function parameterLists(operation: DocumentOperation, document: OpenApiDocument): Html {
  const parameters = parametersOf(operation, document);
  const kinds = [
    ['path', 'Path'],
    ['query', 'Query'],
    ['header', 'Headers'],
  ] as const;
  return html`${kinds.map(([place, title]) => {
    const ofKind = parameters.filter((parameter) => parameter.in === place);
    if (ofKind.length === 0) return undefined;
    return html`<h4>${title}</h4><dl class="fields">${ofKind.map(({ name, description, required, schema }) =>
      field({
        name,
        schema: { ...schema, ...(description && { description }) },
        mark: required && place === 'query' ? 'required' : undefined,
      }),
    )}</dl>`;
  })}`;
}

function bodyFields({ requestBody }: DocumentOperation, document: OpenApiDocument): Html | undefined {
  const schema = document.components.schemas[refName(requestBody?.content['application/json']?.schema ?? {}) ?? ''];
  return schema && html`<h4>Body</h4>${fieldList(schema, { isAsked: true })}`;
}

function answerList({ responses }: DocumentOperation, document: OpenApiDocument): Html {
  const all = Object.entries(responses);
  const good = goodAnswers(responses);
  const codes = all.flatMap(([status, response]) => codesOf(response, document).map((code) => ({ status, code })));
  return html`<h4>Answers</h4><dl class="answers">${good.map(([status, { description, content }]) => {
    const [schema] = Object.values(content ?? {}).map((each) => each.schema);
    const name = schema && refName(schema);
    return html`<div><dt>${status}</dt><dd>${inline(description)}${name !== undefined && html` ${kindOf({ $ref: schema?.$ref ?? '' })}`}</dd></div>`;
  })}</dl>
<h4>Errors</h4><ul class="chips">${codes.map(
    ({ status, code }) => html`<li><a href="/docs/errors#${code}"><small>${status}</small> ${code}</a></li>`,
  )}</ul>`;
}

function goodAnswers(responses: DocumentOperation['responses']): [string, Response][] {
  return Object.entries(responses).flatMap(([status, response]) =>
    status < '400' && !('$ref' in response) ? [[status, response] as [string, Response]] : [],
  );
}

/** The codes with which an answer may refuse. */
function codesOf(response: Response | { $ref: string }, { components }: OpenApiDocument): string[] {
  const whole = '$ref' in response ? components.responses[response.$ref.split('/').at(-1) ?? ''] : response;
  const { content } = whole ?? {};
  const parts = content?.['application/problem+json']?.schema.allOf ?? [];
  return parts.flatMap(({ properties }) => (properties?.['code']?.enum ?? []) as string[]);
}

function plates({ method, path, operation }: Routed, { components: { schemas } }: OpenApiDocument): Html {
  const answers = goodAnswers(operation.responses).flatMap(([status, { content }]) => {
    const example = exampleOf(content?.['application/json']?.schema, schemas);
    return example === undefined ? [] : [{ status, example }];
  });
  // The last is the usual one: 202 after the 200 of a trial, 201 after the 200 of what was there already.
  const answer = answers.at(-1);
  return html`${plate('Request', curl({ method, path }, operation, schemas))}${answer && plate(`Answer ${answer.status}`, json(answer.example))}`;
}

function objectArticle(name: string, schema: JsonSchema): Html {
  return html`<article id="${name}">
<div><h3><a href="#${name}">${name}</a></h3>${schema.description !== undefined && prose(schema.description)}
${fieldList(schema)}</div>
<div class="plates">${schema.examples?.[0] !== undefined && plate(name, json(schema.examples[0]))}</div>
</article>`;
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
