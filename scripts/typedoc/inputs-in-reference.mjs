import { readdirSync, readFileSync } from 'node:fs';
import { Converter, ReflectionKind } from 'typedoc';

const REFERENCE = new URL('../../docs/reference/', import.meta.url);

/** The pages with a table of the members of an interface, by the name of the interface. */
function pagesWithInputs() {
  const pages = readdirSync(REFERENCE).filter((name) => name.endsWith('.md'));
  return new Map(
    pages.flatMap((page) =>
      [
        ...readFileSync(new URL(page, REFERENCE), 'utf8').matchAll(
          /<!-- inputs, made from the comments of (\w+) -->/g,
        ),
      ].map(([, name]) => [name, page]),
    ),
  );
}

/** A plugin of TypeDoc: the page of an interface names the page that has its members. */
export function load(app) {
  const pages = pagesWithInputs();
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Interface)) {
      const page = pages.get(reflection.name);
      if (page === undefined) continue;
      for (const child of [...(reflection.children ?? [])]) project.removeReflection(child);
      reflection.comment?.summary.push({
        kind: 'text',
        text: `\n\nIts members are in [the reference](../../../${page}#inputs).`,
      });
    }
  });
}
