import { readFileSync, writeFileSync } from 'node:fs';
import { madePages, pathOf } from './member-tables';

describe('when the tables of the reference are made from the comments of the source', () => {
  const pages = madePages();

  it.each([...pages.keys()])(
    '%s has every input and output, and nothing has to be written',
    (name) => {
      const made = pages.get(name)!;
      if (process.env.UPDATE_DOCS !== undefined) writeFileSync(pathOf(name), made);
      else expect(readFileSync(pathOf(name), 'utf8')).toBe(made);
    },
  );
});
