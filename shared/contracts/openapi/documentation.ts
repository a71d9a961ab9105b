import * as z from 'zod';
import { component, type Operation } from './operation.ts';

const TAG = 'Documentation';

const document = component('OpenApiDocument', z.looseObject({ openapi: z.string() }), {
  description: 'This document.',
  fields: { openapi: 'The version of OpenAPI that it is written in.' },
});

/** What describes the API itself: open to everyone. */
export const documentationOperations: readonly Operation[] = [
  {
    id: 'getOpenApi',
    route: 'GET /openapi.json',
    tag: TAG,
    summary: 'The OpenAPI document',
    description: 'OpenAPI 3.1, made from the schemas that validate every request.',
    scopes: [],
    answers: {
      200: { description: 'The document.', body: document },
      304: { description: 'It is still as in your copy.' },
    },
    errors: [],
  },
  {
    id: 'getDocs',
    route: 'GET /docs',
    tag: TAG,
    summary: 'The reference',
    description: 'This document as a page.',
    scopes: [],
    answers: {
      200: { description: 'The page.', mediaType: 'text/html' },
      304: { description: 'It is still as in your copy.' },
    },
    errors: [],
  },
  {
    id: 'getErrorDocs',
    route: 'GET /docs/errors',
    tag: TAG,
    summary: 'The error codes',
    description:
      'What each code means and what to do about it. The `type` of every problem leads to its place on this page.',
    scopes: [],
    answers: {
      200: { description: 'The page.', mediaType: 'text/html' },
      304: { description: 'It is still as in your copy.' },
    },
    errors: [],
  },
];
