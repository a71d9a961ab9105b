import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { docsHandler } from '../../../functions/docs/handler.ts';
import { html, inline } from '../../../functions/docs/html.ts';
import { ERROR_CODES, type ErrorCode } from '../../../shared/contracts/error-codes.ts';
import { documentationOf } from '../../../shared/contracts/problem.ts';
import { apiEvent, lambdaContext, type RequestOptions } from '../../fixtures/api-event.ts';
import { DOCUMENT } from '../../fixtures/documented.ts';
import { quietLog } from '../../fixtures/log.ts';

const handler = docsHandler({ document: DOCUMENT, log: quietLog(), now: () => 0 });

async function get(route: string, options: RequestOptions = {}) {
  const { statusCode, headers = {}, body = '' } = await handler(apiEvent(route, options), lambdaContext());
  return { status: statusCode, headers, body };
}

/** A request that no route takes. */
async function astray(method: string, path: string) {
  const event = { ...apiEvent(`${method} ${path}`), routeKey: '$default' };
  const { statusCode, headers = {}, body = '' } = await handler(event, lambdaContext());
  return { status: statusCode, headers, problem: JSON.parse(body) as Record<string, unknown> };
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const [reference, errors] = [await get('GET /docs'), await get('GET /docs/errors')];
const PAGES = { '/docs': reference.body, '/docs/errors': errors.body };

describe.each(Object.entries(PAGES))('the page %s', (path, body) => {
  test('keeps what it contains folded where it would fill the screens before the text', () => {
    const [folded = ''] = all(body, /<details class="fold">([\s\S]*?)<\/details>/g);
    expect(all(folded, /<a href="(#[^"]+)"/g).length).toBeGreaterThan(10);
    expect(all(body, /@media \(min-width: [\d.]+rem\) \{\s*@supports selector\((::details-content)\)/g)).toHaveLength(
      1,
    );
  });

  test('loads nothing and runs nothing', () => {
    expect(body).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\sstyle=|\son\w+=|@import|url\(/i);
    expect(reference.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('has the style, and no other, that its policy allows', () => {
    const [style = '', ...others] = all(body, /<style>([\s\S]*?)<\/style>/g);
    expect(others).toEqual([]);
    const hash = createHash('sha256').update(style).digest('base64');
    expect(reference.headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
  });

  test('links to places that exist', () => {
    const places = { ...PAGES, '/openapi.json': '' };
    const links = all(body, /href="([^"]*)"/g);
    expect(links).not.toEqual([]);
    for (const link of links) {
      const [page = '', anchor] = link.split('#');
      const target = places[(page === '' ? path : page) as keyof typeof places];
      expect(target, link).toBeDefined();
      if (anchor !== undefined) expect(target, link).toContain(` id="${anchor}"`);
    }
  });

  test('gives each place a name of its own', () => {
    const ids = all(body, / id="([^"]*)"/g);
    expect(ids).toEqual([...new Set(ids)]);
  });
});

test('the reference has every operation and every object of the document', () => {
  const operations = Object.values(DOCUMENT.paths).flatMap((methods) => Object.values(methods));
  const names = [...operations.map(({ operationId }) => operationId), ...Object.keys(DOCUMENT.components.schemas)];
  for (const name of names) expect(reference.body).toContain(`<article id="${name}">`);
});

test('every problem leads to the place that explains it', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    expect(documentationOf(code)).toBe(`/docs/errors#${code}`);
    expect(errors.body).toContain(` id="${code}"`);
  }
});

test('the document is served as it is committed', async () => {
  const { status, headers, body } = await get('GET /openapi.json');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toEqual(DOCUMENT);
});

test('who has it already is not sent it again', async () => {
  const { headers } = await get('GET /docs');
  const again = await get('GET /docs', { headers: { 'if-none-match': String(headers['etag']) } });
  expect(again).toMatchObject({ status: 304, body: '' });
});

describe('a request without a route', () => {
  test.each([
    ['GET', '/v1/nothing'],
    ['GET', '/v1/messages/'],
    ['POST', '/'],
  ])('%s %s is not found', async (method, path) => {
    const { status, problem } = await astray(method, path);
    expect(status).toBe(404);
    expect(problem).toMatchObject({ code: 'not_found', instance: path });
  });

  test.each([
    ['PUT', '/v1/messages', 'POST, GET'],
    ['DELETE', '/v1/messages/msg_1', 'GET'],
    ['POST', '/docs', 'GET'],
  ])('%s %s has another method', async (method, path, allowed) => {
    const { status, headers, problem } = await astray(method, path);
    expect(status).toBe(405);
    expect(headers['allow']).toBe(allowed);
    expect(problem).toMatchObject({ code: 'method_not_allowed' });
  });
});

test('what is not markup is escaped, also in code', () => {
  expect(html`<p>${'<b> & "c"'}</p>${undefined}${false}${[1, html`<i>`]}`.markup).toBe(
    '<p>&lt;b&gt; &amp; &quot;c&quot;</p>1<i>',
  );
  expect(inline('a `<b>` c').markup).toBe('a <code>&lt;b&gt;</code> c');
});
