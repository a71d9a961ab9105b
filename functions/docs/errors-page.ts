import { ERROR_CODES, type ErrorCode } from '../../shared/contracts/error-codes.ts';
import { ERROR_HELP } from '../../shared/contracts/error-help.ts';
import type { Problem } from '../../shared/contracts/problem.ts';
import { json, plate } from './example-view.ts';
import { type Html, html, inline } from './html.ts';
import { page } from './page.ts';

const SECTIONS: readonly { id: string; title: string; text: string; holds: (status: number | undefined) => boolean }[] =
  [
    {
      id: 'requests',
      title: 'Requests that are refused',
      text: 'The request has to change before it can succeed.',
      holds: (status) => status !== undefined && status < 500 && status !== 429,
    },
    {
      id: 'later',
      title: 'Not now',
      text: 'The request is good, and the time is not. `Retry-After` says when to try again.',
      holds: (status) => status === 429 || (status !== undefined && status >= 500),
    },
    {
      id: 'messages',
      title: 'Messages that do not arrive',
      text: 'These stand in `error` of a message and in events, never in an answer to a request.',
      holds: (status) => status === undefined,
    },
  ];

const EXAMPLE: Problem = {
  type: '/docs/errors#landline_number',
  title: ERROR_CODES.landline_number.title,
  status: ERROR_CODES.landline_number.status,
  detail: '/to: this is a landline, which cannot receive text messages',
  instance: '/v1/messages',
  code: 'landline_number',
  request_id: 'c1f7a0c2-8f0f-4f37-a5a1-6f0f3b1f2b7e',
  retryable: false,
};

/** `GET /docs/errors`: what each code means and what to do next, each at its own anchor. */
export function errorsPage(version: string): string {
  const sections = SECTIONS.map((section) => ({
    ...section,
    codes: (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => section.holds(statusOf(code))),
  }));
  return page({
    title: 'Bindery error codes',
    version,
    contents: html`${sections.map(
      ({ title, codes }) =>
        html`<div><h2>${title}</h2><ul>${codes.map((code) => html`<li><a href="#${code}">${code}</a></li>`)}</ul></div>`,
    )}`,
    main: html`<header><h1>Error codes</h1><p class="lead">One vocabulary: in answers, in messages and in events.</p></header>
<div class="intro"><p>${inline('A request that is refused is answered with a problem after RFC 9457, `application/problem+json`. Let programs decide by `code` and `retryable`; `detail` is for people, and never repeats a number or a text.')}</p>
${plate('A problem', json(EXAMPLE))}</div>
${sections.map(
  ({ id, title, text, codes }) =>
    html`<section><h2 id="${id}">${title}</h2><p>${inline(text)}</p>${codes.map(entry)}</section>`,
)}`,
  });
}

function statusOf(code: ErrorCode): number | undefined {
  const meaning = ERROR_CODES[code];
  return 'status' in meaning ? meaning.status : undefined;
}

function entry(code: ErrorCode): Html {
  const { title, retryable } = ERROR_CODES[code];
  const { means, next } = ERROR_HELP[code];
  const status = statusOf(code);
  return html`<div class="error" id="${code}">
<h3><a href="#${code}">${code}</a></h3>
<p class="title">${title}</p>
<p class="tags">${status !== undefined && html`<span>HTTP ${status}</span>`}<span class="${retryable ? 'yes' : 'no'}">${retryable ? 'worth a retry' : 'no retry'}</span></p>
<p>${inline(means)}</p>
<p><strong>What to do:</strong> ${inline(next)}</p>
</div>`;
}
