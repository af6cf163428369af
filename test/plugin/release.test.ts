import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createKey, clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { writeArchives } from '../../scripts/plugin-release/archives';
import { packageVersion } from '../../scripts/plugin-release/bundle';
import { writePluginFolder } from '../../scripts/plugin-release/folder';
import { tagPlugin } from '../../scripts/plugin-release/tag';
import { startConnectProxy } from '../support/connect-proxy';
import { startGitServer } from '../support/git-server';
import { MISSING } from '../support/languages/missing';
import { nativeProjectForAll } from '../support/languages/native-project';
import type { PulumiCli } from '../support/pulumi-cli';
import { startTlsEndpoint } from '../support/tls-endpoint';

const HOST = 'git.example.com';

describe('when the plugin is installed without npm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-release-'));
  const plugin = join(folder, 'plugin');
  const version = packageVersion();

  beforeAll(async () => {
    await writePluginFolder(plugin);
  }, 60_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const updated = async (stack: PulumiCli): Promise<Record<string, unknown>> => {
    const made = await stack.up();
    if (!made.ok) throw new Error(made.output);
    return stack.outputs();
  };

  describeUnless(MISSING.yaml)('from an archive, for a program in YAML', () => {
    const place = nativeProjectForAll();

    it('a server that has the archive is enough for a program with an ImportedKey', async () => {
      const { kms, project } = place;
      // The program has no package from npm at all.
      rmSync(join(project.program, 'node_modules'), { recursive: true });
      project.write('material.bin', randomBytes(32));
      project.describe(
        [
          'name: life',
          'runtime: yaml',
          'resources:',
          '  root-key:',
          '    type: kms-byok:ImportedKey',
          '    properties: { alias: app/root, materials: [{ file: material.bin }] }',
          '    options: { protect: false }',
          'outputs: { keyArn: "${root-key.keyArn}" }',
          '',
        ].join('\n'),
      );
      const archives = writeArchives(plugin, folder).map((path) => basename(path));
      const asked: string[] = [];
      const server = createServer(({ url = '' }, response) => {
        asked.push(basename(url));
        // The CLI refuses an answer without its length.
        response.end(readFileSync(join(folder, basename(url))));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      globalThis.stopBehindTests?.push(() => {
        server.close();
      });
      const { port } = server.address() as AddressInfo;
      const stack = await project.start();
      await stack.installPlugin('kms-byok', version, '--server', `http://127.0.0.1:${port}`);
      expect(asked).toHaveLength(1);
      expect(archives).toContain(asked[0]);

      const { keyArn } = (await updated(stack)) as { keyArn: string };
      expect(await works(clientOf(kms), keyArn)).toBe(true);
      expect((await stack.preview()).changes).toEqual([]);
      expect((await stack.destroy()).ok).toBe(true);
      expect(await works(clientOf(kms), keyArn)).toBe(false);
    }, 120_000);
  });

  describeUnless(MISSING.python)('from a Git repository, for a program in Python', () => {
    const place = nativeProjectForAll();

    it('the URL and the version are enough, and nothing is downloaded from npm', async () => {
      const { kms, project } = place;
      rmSync(join(project.program, 'node_modules'), { recursive: true });
      const repository = join(folder, 'repositories', 'owner', 'kms-byok.git');
      mkdirSync(repository, { recursive: true });
      const git = (...args: string[]): Buffer => execFileSync('git', ['-C', repository, ...args]);
      git('init', '--quiet', '--bare');
      git('config', 'user.name', 'Release');
      git('config', 'user.email', 'release@example.com');
      expect(tagPlugin(repository, plugin)).toBe(`v${version}`);

      const server = await startGitServer(join(folder, 'repositories'));
      // The CLI asks for every repository by https and without a port.
      const tls = await startTlsEndpoint(server.url, [HOST], folder);
      const proxy = await startConnectProxy({ leadsTo: tls.port });
      globalThis.stopBehindTests?.push(() => {
        for (const each of [proxy, tls, server]) void each.close();
      });
      const keyId = await createKey(clientOf(kms));
      project.write('material.bin', randomBytes(32));
      project.describe('name: life\nruntime: { name: python, options: { toolchain: pip } }\n');
      project.write('requirements.txt', 'pulumi\n');
      project.write(
        '__main__.py',
        `import pulumi_kms_byok
pulumi_kms_byok.ImportedKeyMaterial("one", key_id="${keyId}", material={"file": "material.bin"})
`,
      );
      const stack = await project.start(undefined, {
        HTTPS_PROXY: proxy.url,
        NO_PROXY: '127.0.0.1,localhost',
        SSL_CERT_FILE: tls.certificate,
      });
      await stack.addPackage(`https://${HOST}/owner/kms-byok@${version}`);
      expect(new Set(proxy.targets)).toEqual(new Set([`${HOST}:443`]));
      // Its only dependency is a folder of its own.
      const plugins = join(project.folder, 'engine', 'home', 'plugins');
      const [installed = ''] = readdirSync(plugins).filter((name) => name.endsWith(version));
      const packages = join(plugins, installed, 'node_modules');
      expect(readdirSync(packages).filter((name) => !name.startsWith('.'))).toEqual(['@pulumi']);
      expect(readlinkSync(join(packages, '@pulumi', 'pulumi'))).toBe('../../start');

      await updated(stack);
      expect(await works(clientOf(kms), keyId)).toBe(true);
      expect((await stack.destroy()).ok).toBe(true);
      expect(await works(clientOf(kms), keyId)).toBe(false);
    }, 120_000);
  });
});
