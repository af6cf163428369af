import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { engineCacheFolder } from '../../../scripts/engine/cache';
import { findEngine } from '../../../scripts/engine/find';
import { ENGINE_VERSION } from '../../../scripts/engine/versions';
import { writeProgram } from '../write-program';

const ROOT = join(__dirname, '..', '..', '..');

describe('when an engine is looked for', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-find-'));
    env = { PATH: join(folder, 'path'), XDG_CACHE_HOME: join(folder, 'cache') };
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Makes a pulumi of a version in a folder. */
  const pulumiIn = (where: string, version: string): string => {
    writeProgram(join(where, 'pulumi'), `echo ${version}`);
    return join(where, 'pulumi');
  };

  const named = (): string => join(folder, 'named');
  const onPath = (): string => join(folder, 'path');
  const cached = (): string => engineCacheFolder(ENGINE_VERSION, env);

  it('there is none where nothing is installed', () => {
    expect(findEngine(env)).toBeUndefined();
    expect(findEngine({ ...env, PULUMI_KMS_BYOK_ENGINE: '' })).toBeUndefined();
  });

  it('the named folder takes precedence over PATH, and PATH over the cache', () => {
    const program = pulumiIn(cached(), 'v3.0.1');
    expect(findEngine(env)).toMatchObject({ program, version: '3.0.1', origin: 'cache' });

    const installed = pulumiIn(onPath(), 'v3.0.2');
    expect(findEngine(env)).toMatchObject({
      program: installed,
      version: '3.0.2',
      origin: 'PATH',
    });

    const chosen = pulumiIn(named(), '3.0.3');
    expect(findEngine({ ...env, PULUMI_KMS_BYOK_ENGINE: named() })).toMatchObject({
      program: chosen,
      version: '3.0.3',
      origin: 'PULUMI_KMS_BYOK_ENGINE',
    });
  });

  it('a named folder without pulumi is an error with the remedy', () => {
    pulumiIn(onPath(), 'v3.0.2');
    mkdirSync(named());
    expect(() => findEngine({ ...env, PULUMI_KMS_BYOK_ENGINE: named() })).toThrow(
      `PULUMI_KMS_BYOK_ENGINE names ${named()}, which has no pulumi. Run: npm run engine`,
    );
  });

  it('a file that cannot be executed is no pulumi', () => {
    writeProgram(join(onPath(), 'pulumi'), 'echo v3.0.2', 0o644);
    expect(findEngine(env)).toBeUndefined();
  });

  it('without a host of Pulumi, the host for tests is on the PATH of the engine', () => {
    pulumiIn(onPath(), 'v3.0.2');
    const engine = findEngine(env);
    expect(engine?.languageHost).toBe('test');
    expect(engine?.path.split(delimiter)).toEqual([
      join(ROOT, 'packages', 'pulumi-offline-engine', 'language-host'),
      onPath(),
      onPath(),
      join(ROOT, 'node_modules', '@pulumi', 'pulumi'),
    ]);
  });

  it.each([
    ['beside pulumi', 'named'],
    ['on PATH', 'path'],
  ])('a host of Pulumi %s is taken, unless the host for tests is asked for', (_where, name) => {
    pulumiIn(named(), 'v3.0.2');
    writeProgram(join(folder, name, 'pulumi-language-nodejs'), '');
    const chosen = { ...env, PULUMI_KMS_BYOK_ENGINE: named() };
    const engine = findEngine(chosen);
    expect(engine?.languageHost).toBe('pulumi');
    expect(engine?.path).not.toContain(
      join(ROOT, 'packages', 'pulumi-offline-engine', 'language-host'),
    );

    const other = findEngine({ ...chosen, PULUMI_KMS_BYOK_LANGUAGE_HOST: 'test' });
    expect(other?.languageHost).toBe('test');
    expect(other?.path.split(delimiter)[0]).toBe(
      join(ROOT, 'packages', 'pulumi-offline-engine', 'language-host'),
    );
  });
});
