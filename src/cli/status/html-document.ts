import { createHash } from 'node:crypto';
import { html, Html } from './html';

/** The parts of a page. */
interface Page {
  readonly title: string;
  readonly style: string;
  readonly script?: string;
  /** The content of `main`. */
  readonly main: Html;
}

/**
 * Returns a whole HTML document, which contains everything it needs. Its policy lets the browser load and send
 * nothing, and run nothing but the script.
 */
export function htmlDocument({ title, style, script, main }: Page): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // Whole elements, because the hashes cover everything between the tags, to the last space.
  const styleElement = new Html(`<style>${style}</style>`);
  const scriptElement = new Html(script === undefined ? '' : `<script>${script}</script>`);
  return `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>${main}</main>
        ${scriptElement}
      </body>
    </html>`.text
  }\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
