import { Converter, ReflectionKind } from 'typedoc';

/** The interfaces whose members are a table of a page in docs/reference. */
const PAGES = {
  ImportedKeyMaterialArgs: 'imported-key-material.md',
  OnDemandRotationArgs: 'on-demand-rotation.md',
  ImportedKeyArgs: 'imported-key.md',
  ConnectionArgs: 'kms-byok-provider.md',
};

/** A plugin of TypeDoc: the page of an interface names the page that has its members. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Interface)) {
      const page = PAGES[reflection.name];
      if (page === undefined) continue;
      for (const child of [...(reflection.children ?? [])]) project.removeReflection(child);
      reflection.comment?.summary.push({
        kind: 'text',
        text: `\n\nIts members are in [the reference](../../../${page}#inputs).`,
      });
    }
  });
}
