import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineCacheFolder } from '../../../scripts/engine/cache';
import { findEngine } from '../../../scripts/engine/find';
import { ENGINE_VERSION, OLDEST_ENGINE_VERSION } from '../../../scripts/engine/versions';
import { eventually } from '../../../packages/pulumi-offline-engine/test/support/eventually';
import { runScript, startScript } from '../run-script';
import { writeProgram } from '../write-program';

const SCRIPT = 'scripts/engine/main.ts';

/** Notes its call; `build` writes a pulumi to the path behind -o. */
const GO = `echo "$@" >> "$NOTES/go"
[ "$1" = build ] || exit 0
[ -z "$WAIT" ] || { : > "$NOTES/building"; exec sleep 60; }
mkdir -p "$(dirname "$4")"
printf '#!/bin/sh\\necho v%s\\n' "$(basename "\${6##*=}")" > "$4"
chmod +x "$4"`;

/** Notes its call, and downloads a pulumi as the package does. */
const NPM = `echo "$@" >> "$NOTES/npm"
bin="$PULUMI_HOME/versions/$PULUMI_VERSION/bin"
mkdir -p "$bin"
printf '#!/bin/sh\\necho v%s\\n' "$PULUMI_VERSION" > "$bin/pulumi"
chmod +x "$bin/pulumi"`;

describe('when an engine is brought to a machine', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-obtain-'));
    env = {
      PATH: join(folder, 'programs'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      HOME: folder,
      NOTES: folder,
    };
    // All that the stand-ins call: a folder of the system may have an engine.
    for (const name of ['basename', 'chmod', 'dirname', 'mkdir', 'sleep']) {
      program(name, `exec /bin/${name} "$@"`);
    }
    for (const name of ['go', 'npm']) program(name, 'echo "$0 fails" >&2; exit 1');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const program = (name: string, script: string): void => {
    writeProgram(join(folder, 'programs', name), script);
  };
  const cached = (version = ENGINE_VERSION): string => engineCacheFolder(version, env);
  const callsOf = (name: string): string[] => {
    const notes = join(folder, name);
    return existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
  };
  const inCache = (): string[] => readdirSync(dirname(cached()));

  it('it is built by Go, and found from then on', async () => {
    program('go', GO);
    const run = await runScript(SCRIPT, [], env);
    expect(run).toMatchObject({
      code: 0,
      output: `pulumi ${ENGINE_VERSION} is in ${cached()}\n`,
    });
    expect(run.errors).toContain('The first time takes several minutes.');
    expect(run.errors).toMatch(/^In a shell: export PATH="[^"]*\$PATH[^"]*"$/m);
    expect(callsOf('go').map((call) => call.split(' ')[0])).toEqual(['mod', 'list', 'build']);
    expect(findEngine(env)).toMatchObject({ version: ENGINE_VERSION, origin: 'cache' });
    expect(inCache()).toHaveLength(1);

    // An engine in the cache is not built again.
    const again = await runScript(SCRIPT, ['--json'], env);
    expect(JSON.parse(again.output)).toMatchObject({ source: 'cache', folder: cached() });
    expect(callsOf('go')).toHaveLength(3);
  });

  it('"oldest" is the engine of the oldest SDK, and the output says how it is used', async () => {
    program('go', GO);
    const run = await runScript(SCRIPT, ['--version', 'oldest'], env);
    const where = cached(OLDEST_ENGINE_VERSION);
    expect(run.output).toBe(`pulumi ${OLDEST_ENGINE_VERSION} is in ${where}\n`);
    expect(callsOf('go')[0]).toMatch(new RegExp(`^get -tool .*@v${OLDEST_ENGINE_VERSION}$`));
  });

  it('where Go fails, it is downloaded through npm', async () => {
    program('npm', NPM);
    const run = await runScript(SCRIPT, ['--json'], env);
    expect(JSON.parse(run.output)).toMatchObject({ source: 'download', folder: cached() });
    expect(callsOf('npm')[0]).toMatch(/^exec --yes --package=pulumi@\S+ -- pulumi version$/);
    expect(findEngine(env)?.version).toBe(ENGINE_VERSION);
  });

  it('without either, the message names the reason of each, and what to do', async () => {
    const run = await runScript(SCRIPT, [], env);
    expect(run.code).toBe(1);
    expect(run.errors).toMatch(/^ {2}go: go ended with 1\n.*go fails$/m);
    expect(run.errors).toMatch(/^ {2}download: npm ended with 1\n.*npm fails$/m);
    expect(run.errors).toMatch(/^Install Go .*, or allow downloads from get\.pulumi\.com/m);
    expect(run.errors).toContain('PULUMI_KMS_BYOK_ENGINE');
    expect(inCache()).toEqual([]);
  });

  it('two runs at once end with one engine', async () => {
    program('go', GO);
    const runs = await Promise.all([runScript(SCRIPT, [], env), runScript(SCRIPT, [], env)]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(inCache()).toHaveLength(1);
    expect(findEngine(env)?.version).toBe(ENGINE_VERSION);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s leaves nothing behind', async (signal) => {
    program('go', GO);
    const { process: child, ended } = startScript(SCRIPT, [], { ...env, WAIT: '1' });
    await eventually(() => existsSync(join(folder, 'building')));
    child.kill(signal);
    expect((await ended).code).toBe(130);
    expect(inCache()).toEqual([]);
  });

  it('what a killed run leaves behind is taken for no engine, and removed a day later', async () => {
    program('go', GO);
    const { process: child, ended } = startScript(SCRIPT, [], { ...env, WAIT: '1' });
    await eventually(() => existsSync(join(folder, 'building')));
    child.kill('SIGKILL');
    await Promise.race([ended, eventually(() => child.signalCode !== null)]);
    expect(findEngine(env)).toBeUndefined();
    const [left = ''] = inCache();
    const old = join(dirname(cached()), left);
    const dayBeforeYesterday = Date.now() / 1000 - 2 * 24 * 60 * 60;
    utimesSync(old, dayBeforeYesterday, dayBeforeYesterday);
    // Of another run, which may still be at work.
    const young = `${cached()}.young`;
    mkdirSync(young);

    expect((await runScript(SCRIPT, [], env)).code).toBe(0);
    expect(existsSync(old)).toBe(false);
    expect(existsSync(young)).toBe(true);
  });
});
