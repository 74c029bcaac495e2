import packageJson from '../../../../package.json' with { type: 'json' };
import type { Part } from './markup.ts';
import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';
import { TABLES } from './style-tables.ts';

/** Nothing is loaded, and nothing runs, whoever has written what. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A document of its own: one file, no script, nothing from elsewhere. The same content gives the same bytes. */
export function renderPage(title: string, content: readonly Part[]): string {
  return html`<!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="${packageJson.name} ${packageJson.version}" />
        <title>${title}</title>
        <style>
          ${new Markup(STYLE + TABLES)}
        </style>
      </head>
      <body>
        <main>${content}</main>
        <footer>
          <p>
            Written by ${packageJson.name} ${packageJson.version}. Times are UTC. A name after “by” is what
            whoever said it has called themselves.
          </p>
        </footer>
      </body>
    </html>`.text;
}

/** A part with its heading; nothing where there is nothing to say. */
export function section(heading: string, content: Part): Part {
  return isNothing(content)
    ? undefined
    : html`<section>
        <h2>${heading}</h2>
        ${content}
      </section> `;
}

export const isNothing = (part: Part): boolean =>
  part === undefined || part === false || part === '' || (Array.isArray(part) && part.every(isNothing));

export const list = (items: readonly Part[]): Part =>
  items.length > 0 &&
  html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
