import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The module of the CLI, which `go.mod` beside this file requires. */
const MODULE = 'github.com/pulumi/pulumi/pkg/v3';

/** The package of the CLI in its module. */
export const CLI_PACKAGE = `${MODULE}/cmd/pulumi`;

/** The folder of the `go.mod` that names {@link ENGINE_VERSION}. */
export const GO_MODULE = __dirname;

/** The version of the engine that tests, demo and bench use by default: the one in `go.mod`. */
export const ENGINE_VERSION = ((): string => {
  const goMod = readFileSync(join(GO_MODULE, 'go.mod'), 'utf8');
  const version = new RegExp(`^\\s*${MODULE} v(\\S+)`, 'm').exec(goMod)?.[1];
  if (version === undefined) throw new Error(`scripts/engine/go.mod does not require ${MODULE}`);
  return version;
})();

/** The oldest supported engine: that of the oldest SDK in the peer range. */
export const OLDEST_ENGINE_VERSION = ((): string => {
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  return (peerDependencies['@pulumi/pulumi'] ?? '').replace(/^\^/, '');
})();
