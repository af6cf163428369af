import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaText } from '../../scripts/plugin-schema/schema';

describe('when the schema of the native plugin is made from the types of the source', () => {
  it('it has every input and output, and nothing has to be written', () => {
    const file = join(__dirname, '..', '..', 'plugin', 'schema.json');
    const made = schemaText();
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(file, made);
    else expect(readFileSync(file, 'utf8')).toBe(made);
  });
});
