import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Report } from '../../bench/report';
import { runScript } from './run-script';

const ROOT = join(__dirname, '..', '..');
const files = readdirSync(join(ROOT, 'bench'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts'),
);
/** They start a server when they are loaded, in a child process of the benchmarks. */
const SERVERS = ['kms-bare-server.ts', 'kms-server.ts'];

// A machine with Node.js and without an engine, on PATH or in the cache.
const BARE = {
  PATH: dirname(process.execPath),
  HOME: '/nonexistent',
  XDG_CACHE_HOME: '/nonexistent',
};

describe('when there is no pulumi and no jest', () => {
  it('the benchmarks show their help', async () => {
    const { code, output, errors } = await runScript('bench/main.ts', ['--help'], BARE);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toContain('Usage: npm run bench');
  });

  it('each of their files is loaded', async () => {
    const loaded = files.filter((file) => !file.endsWith('main.ts') && !SERVERS.includes(file));
    expect(loaded.length).toBeGreaterThan(25);
    const { code, errors } = await runScript('test/scripts/load-all.mjs', loaded, BARE);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
  });

  it('nothing that they share with the tests calls a function of jest', () => {
    const reached = reachedFrom(files.map((file) => join(ROOT, 'bench', file)));
    const shared = [...reached.keys()].filter((file) => file.includes('/test/'));
    expect(shared.length).toBeGreaterThan(2);
    // A title or a function follows. Other functions have such names too.
    const calling = [...reached].filter(([, text]) =>
      /\bjest\.|(?<![.\w])expect\(|(?<![.\w])(?:describe(?:\.\w+)*\(\s*['"`]|(?:before|after)(?:All|Each)\()/.test(
        text,
      ),
    );
    expect(calling.map(([file]) => file)).toEqual([]);
  });
});

describe('when a part is measured in a hurry', () => {
  // The other parts need an engine or take minutes.
  it.each(['kms', 'policy', 'registration'])('%s has a result in every line', async (part) => {
    const args = ['--quick', '--json', '--only', part];
    const { code, output, errors } = await runScript('bench/main.ts', args, process.env);
    expect({ code, errors }).toMatchObject({ code: 0 });
    const { lines } = JSON.parse(output) as Pick<Report, 'lines'>;
    expect(lines.length).toBeGreaterThan(0);
    const without = lines.filter((line) => !('absent' in line) && !(line.ours > 0));
    expect(without).toEqual([]);
  });
});

/** Returns the files of this repository that a program loads, with their texts. */
function reachedFrom(start: readonly string[]): ReadonlyMap<string, string> {
  const reached = new Map<string, string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    const text = readFileSync(file, 'utf8');
    reached.set(file, text);
    for (const [, from] of text.matchAll(/^(?:import|export)(?! type)[^;]*? from '(\.[^']+)'/gms)) {
      const path = resolve(dirname(file), from!.replace(/\.js$/, ''));
      const found = [`${path}.ts`, join(path, 'index.ts')].find((name) => existsSync(name));
      if (found !== undefined) visit(found);
    }
  };
  start.forEach(visit);
  return reached;
}
