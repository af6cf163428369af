import { join } from 'node:path';
import { main } from '../../../src/plugin/main';

// The bundler replaces it by the version of the package.
declare const VERSION: string;

// The engine starts this file. The last argument is the address of its own service, after flags of its own.
void main(process.argv.slice(2).at(-1), {
  version: VERSION,
  schema: join(__dirname, 'schema.json'),
});
