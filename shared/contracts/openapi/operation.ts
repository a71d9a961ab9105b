import type * as z from 'zod';
import type { Scope } from '../../domain/api-key.ts';
import type { HttpErrorCode } from '../error-codes.ts';
import type { HeaderName } from './headers.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A schema that has a name in the document. */
export interface Component<S extends z.ZodType = z.ZodType> {
  name: string;
  schema: S;
  description: string;
  /** What each field means, by its name; fields of an object inside are `outer.inner`. */
  fields: Readonly<Record<string, string>>;
  example?: z.input<S>;
}

/** @param details with an example that the compiler checks */
export function component<S extends z.ZodType>(
  name: string,
  schema: S,
  details: Omit<Component<S>, 'name' | 'schema'>,
): Component<S> {
  return { name, schema, ...details };
}

export interface Answer {
  description: string;
  /** Absent where there is no body, or one that is no JSON. */
  body?: Component;
  /** Of a body that is text. */
  mediaType?: 'text/html' | 'text/csv';
  /** The fields of the body with which this is the answer, where there is more than one. */
  when?: Readonly<Record<string, true>>;
  /** Of headers.ts, besides those that every answer has. */
  headers?: readonly HeaderName[];
}

/** One operation of the API: all that the document says of it. Validation, the client and the pages follow from it. */
export interface Operation {
  /** Its name in the document, and that of the client's method. */
  id: string;
  /** As API Gateway names it, such as `GET /v1/messages/{id}`. */
  route: `${Method} /${string}`;
  tag: string;
  summary: string;
  /** Paragraphs, parted by empty lines; words in backticks are code. */
  description: string;
  /** Any one of them is enough; empty where no key is needed. */
  scopes: readonly Scope[];
  /** Parameters behind the `?`. */
  query?: Component<z.ZodObject>;
  body?: Component;
  /** Whether the body may be left out. */
  bodyOptional?: true;
  /** By status; what is not listed here and in `errors` is no answer of it. */
  answers: Readonly<Record<number, Answer>>;
  /** Beside those that every operation of its kind has: see problems.ts. */
  errors: readonly HttpErrorCode[];
}
