import { createHash } from 'node:crypto';
import { Html, html } from './html.ts';
import { STYLE } from './style.ts';

interface Page {
  title: string;
  version: string;
  /** Between name and links of the column at the side. */
  contents: Html;
  main: Html;
}

/** Only the page's own style is used, and nothing is ever loaded or run. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole page, which works without scripts. */
export function page({ title, version, contents, main }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<div class="frame">
<div class="spine">
<a class="name" href="/docs">Bindery</a>
<p class="edition">Version ${version}</p>
<nav aria-label="Pages">
<div><h2>Reference</h2><ul>
<li><a href="/docs">Operations</a></li>
<li><a href="/docs/errors">Error codes</a></li>
<li><a href="/openapi.json">OpenAPI document</a></li>
</ul></div>
</nav>
<nav aria-label="Contents">
<details class="fold"><summary>Contents</summary>
${contents}
</details>
</nav>
</div>
<main>
${main}
</main>
</div>
</body>
</html>
`.markup;
}
