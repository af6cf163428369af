/** Markup that needs no further escaping. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Html[];

/** Builds markup. Escapes everything that is not markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings
      // The indentation of the templates would be a quarter of the page.
      .map((string) => string.replace(/\s*\n\s*/g, '\n'))
      .reduce((text, string, index) => text + markup(parts[index - 1] ?? '') + string),
  );
}

function markup(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
