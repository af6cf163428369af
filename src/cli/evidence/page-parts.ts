import { html, type Html } from '../status/html';
import type { Deviation, Fact } from './evidence';

/** Draws text in the font of identifiers. */
export function code(text: string): Html {
  return html`<code>${text}</code>`;
}

/** Draws lines as a list. */
export function list(lines: readonly string[]): Html {
  return html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;
}

/** Draws what is not there, and why. */
export function missing(text: string): Html {
  return html`<span class="missing">${text}</span>`;
}

/** Draws a fact. What is not readable or absent is never drawn as nothing. */
export function fact<T>(given: Fact<T>, draw: (value: T) => Html): Html {
  switch (given.state) {
    case 'read':
      return draw(given.value);
    case 'unreadable':
      return missing(`not readable: ${given.reason}`);
    case 'absent':
      return missing(`not recorded: ${given.reason}`);
  }
}

/** Draws a term and its description. */
export function row(name: string, value: Html | string | undefined): Html {
  return value === undefined
    ? html``
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`;
}

/** Draws rows of cells under their headings. On a small screen, the heading is beside each cell. */
export function table(headings: readonly string[], rows: readonly (readonly Html[])[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map((cell, index) => html`<td data-heading="${headings[index] ?? ''}">${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Draws resources that do not follow a policy rule. */
export function deviationTable(deviations: readonly Deviation[]): Html {
  if (deviations.length === 0) return html`<p>None.</p>`;
  return table(
    ['Rule', 'Level', 'Deviation'],
    deviations.map(({ rule, level, urn, message, isRemark }) => [
      code(rule),
      html`<span class="level">${isRemark ? 'remark' : level}</span>`,
      html`${message}<br />${code(urn)}`,
    ]),
  );
}
