// Writes the typed client of an OpenAPI document: a type for each schema, a method for each operation.
import type { DocumentOperation, OpenApiDocument, Parameter } from '../shared/contracts/openapi/document.ts';
import { type JsonSchema, refName } from '../shared/contracts/openapi/json-schema.ts';

const HEAD = `// Made from docs/openapi.json by \`npm run generate\`. Copy this folder into your program: it needs nothing else.
import { type CallOptions, pathOf, Transport } from './transport.ts';

export { BinderyError, type CallOptions, type ClientOptions } from './transport.ts';
`;

interface Routed {
  /** In capitals. */
  method: string;
  path: string;
  operation: DocumentOperation;
}

interface Method {
  summary: string;
  /** One for each kind of answer, where there are several. */
  overloads: string[];
  signature: string;
  /** What it hands to the transport. */
  call: string;
}

/** The whole source, in TypeScript. */
export function clientSource({ components, paths }: OpenApiDocument): string {
  const routed = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, operation]) => !operation.tags.includes('Documentation'))
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const objects = Object.entries(components.schemas).map(([name, schema]) => declaration(name, schema));
  return `${HEAD}
${[...objects, ...routed.flatMap(queryDeclaration)].join('\n\n')}

export type ErrorCode = Problem['code'];

/** The API of Bindery. Every method throws a BinderyError where the API refuses. */
export class Bindery extends Transport {
${routed.map((each) => methodSource(methodOf(each))).join('\n\n')}
}
`;
}

function comment(text: string | undefined, indent = ''): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', ' ')} */\n`;
}

function declaration(name: string, schema: JsonSchema): string {
  return `${comment(schema.description)}export type ${name} = ${typeOf(schema)};`;
}

/** A schema as a type of TypeScript. */
export function typeOf(schema: JsonSchema, indent = ''): string {
  const name = refName(schema);
  if (name !== undefined) return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return unionOf(schema.enum.map((value) => JSON.stringify(value)));
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return unionOf(options.map((option) => typeOf(option, indent)));
  return unionOf([schema.type ?? 'unknown'].flat().map((type) => plainType(type, schema, indent)));
}

function unionOf(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function plainType(type: string, schema: JsonSchema, indent: string): string {
  switch (type) {
    case 'integer':
      return 'number';
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent);
      return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return objectType(schema, indent);
    default:
      return type;
  }
}

function objectType({ properties, required = [], additionalProperties }: JsonSchema, indent: string): string {
  const others = typeof additionalProperties === 'object' ? typeOf(additionalProperties, indent) : 'unknown';
  if (properties === undefined) return `Record<string, ${others}>`;
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, field]) => {
    const type = typeOf(field, inner);
    const declared = required.includes(name) ? `${name}: ${type}` : `${name}?: ${type} | undefined`;
    return `${comment(field.description, inner)}${inner}${declared};\n`;
  });
  const rest = typeof additionalProperties === 'object' ? `${inner}[name: string]: ${others};\n` : '';
  return `{\n${fields.join('')}${rest}${indent}}`;
}

function methodOf({ method, path, operation }: Routed): Method {
  const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const query = queryName(operation);
  const body = operation.requestBody;
  const bodyType = body && typeOf(body.content['application/json']?.schema ?? {});
  const answers = answersOf(operation);
  const signature = (bodyIs: string | undefined, answer: string): string => {
    const parameters = [
      ...places.map((name) => `${name}: string`),
      ...(bodyIs === undefined ? [] : [`body${body?.required === false ? '?' : ''}: ${bodyIs}`]),
      ...(query === undefined ? [] : [`query?: ${query}`]),
      'options?: CallOptions',
    ];
    return `${operation.operationId}(${parameters.join(', ')}): Promise<${answer}>`;
  };
  const target = places.length === 0 ? `'${path}'` : `pathOf\`${path.replace(/\{(\w+)\}/g, '${$1}')}\``;
  const call = [`method: '${method}'`, `path: ${target}`, ...(query ? ['query'] : []), ...(body ? ['body'] : [])];
  const special = answers.flatMap(({ type, when }) => (when === undefined ? [] : [{ type, when }]));
  const usual = answers.filter(({ when }) => when === undefined);
  const refusing = special.map(({ when }) => literal(when, '?: false')).join(' & ');
  return {
    summary: operation.summary,
    overloads: [
      ...special.map(({ type, when }) => signature(`${bodyType} & ${literal(when, ': true')}`, type)),
      ...(special.length === 0 ? [] : [signature(`${bodyType} & ${refusing}`, unionOf(usual.map(({ type }) => type)))]),
    ],
    signature: signature(bodyType, unionOf(answers.map(({ type }) => type))),
    call: call.join(', '),
  };
}

function literal(when: Readonly<Record<string, true>>, is: string): string {
  return `{ ${Object.keys(when)
    .map((name) => name + is)
    .join('; ')} }`;
}

interface GoodAnswer {
  type: string;
  /** Fields of the body with which this is the answer. */
  when: Readonly<Record<string, true>> | undefined;
}

function answersOf({ responses }: DocumentOperation): GoodAnswer[] {
  return Object.entries(responses).flatMap(([status, response]) => {
    if (!status.startsWith('2') || '$ref' in response) return [];
    const [content] = Object.values(response.content ?? {});
    return [{ type: content === undefined ? 'void' : typeOf(content.schema), when: response['x-when'] }];
  });
}

function queryOf({ parameters = [] }: DocumentOperation): Parameter[] {
  return parameters.filter((each): each is Parameter => 'in' in each && each.in === 'query');
}

/** undefined where it has no parameters behind the `?`. */
function queryName(operation: DocumentOperation): string | undefined {
  const { operationId } = operation;
  if (queryOf(operation).length === 0) return undefined;
  return `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Query`;
}

function queryDeclaration({ operation }: Routed): string[] {
  const name = queryName(operation);
  if (name === undefined) return [];
  const fields = queryOf(operation).map(
    ({ name, required, description, schema }) =>
      `${comment(description, '  ')}  ${name}${required ? '' : '?'}: ${typeOf(schema)} | undefined;\n`,
  );
  return [`export type ${name} = {\n${fields.join('')}};`];
}

function methodSource({ summary, overloads, signature, call }: Method): string {
  const declarations = overloads.map((each) => `  ${each};\n`).join('');
  return `  /** ${summary}. */\n${declarations}  async ${signature} {\n    return await this.call({ ${call} }, options);\n  }`;
}
