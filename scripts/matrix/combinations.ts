import { FOLDER_VARIABLE, findEngine, HOST_VARIABLE, type Engine } from '../engine/find';
import { ENGINE_VERSION, OLDEST_ENGINE_VERSION } from '../engine/versions';

/** A run of the matrix. */
export interface Combination {
  readonly node: string;
  readonly sdk: string;
  readonly engine: string;
  readonly host: Engine['languageHost'];
}

/**
 * Returns the engine of each SDK.
 *
 * @param asked - one version for all, or one for each SDK
 * @throws Error if the numbers of versions differ
 */
export function enginesFor(sdks: readonly string[], asked?: readonly string[]): string[] {
  if (asked === undefined) {
    return sdks.map((sdk) =>
      sdk === OLDEST_ENGINE_VERSION ? OLDEST_ENGINE_VERSION : ENGINE_VERSION,
    );
  }
  if (asked.length !== 1 && asked.length !== sdks.length) {
    throw new Error(
      `--engine names ${asked.length} versions for ${sdks.length} SDKs (${sdks.join(', ')}): name one, or one for each`,
    );
  }
  return sdks.map((_sdk, index) => asked[index] ?? asked[0] ?? ENGINE_VERSION);
}

/** Returns the language hosts that an engine can use here, with its default first. */
export function hostsOf(engineFolder: string, env: NodeJS.ProcessEnv): Combination['host'][] {
  const engine = findEngine({
    ...env,
    [FOLDER_VARIABLE]: engineFolder,
    [HOST_VARIABLE]: undefined,
  });
  return engine?.languageHost === 'pulumi' ? ['pulumi', 'test'] : ['test'];
}

/** Combines each Node.js with each SDK. The first Node.js runs every language host, the others only the default one. */
export function combinationsOf(
  nodes: readonly string[],
  sdks: readonly string[],
  engines: readonly string[],
  hosts: (engine: string) => readonly Combination['host'][],
): Combination[] {
  return sdks.flatMap((sdk, index) => {
    const engine = engines[index] ?? ENGINE_VERSION;
    return nodes.flatMap((node, position) =>
      hosts(engine)
        .slice(0, position === 0 ? undefined : 1)
        .map((host) => ({ node, sdk, engine, host })),
    );
  });
}
