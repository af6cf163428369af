import type { RunRegistry } from '../../src/provider/run-registry';

/** Creates the registry of a run that has one provider process. */
export function createRunRegistry(): RunRegistry {
  const ids = new Set<string>();
  return {
    prepare: () => undefined,
    declare: (id) => {
      ids.add(id);
    },
    isDeclared: (id) => ids.has(id),
  };
}
