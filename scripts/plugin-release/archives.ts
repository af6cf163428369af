import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageVersion } from './bundle';
import { FOR_LANGUAGE_HOST } from './folder';

const PLATFORMS = ['linux-amd64', 'linux-arm64', 'darwin-amd64', 'darwin-arm64', 'windows-amd64'];

/**
 * Makes an archive for each platform, with the name that `pulumi plugin install` asks a server for. Windows has no shell
 * for the executable, so the language host of Node.js runs the plugin there. All other platforms have the same content.
 *
 * @param plugin - the folder of the plugin
 * @returns the paths
 */
export function writeArchives(plugin: string, folder: string): string[] {
  const own = gzipped(plugin, FOR_LANGUAGE_HOST);
  const hosted = gzipped(plugin, []);
  return PLATFORMS.map((platform) => {
    const file = join(folder, `pulumi-resource-kms-byok-v${packageVersion()}-${platform}.tar.gz`);
    writeFileSync(file, platform.startsWith('windows') ? hosted : own);
    return file;
  });
}

// The same bytes for the same content, so that anybody can compare an archive with one of their own.
function gzipped(plugin: string, without: readonly string[]): Buffer {
  const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const excluded = without.map((name) => `--exclude=./${name}`);
  const args = ['-c', '-C', plugin, ...reproducible, '--mode=go=rX,u+w', ...excluded, '.'];
  return gzipSync(execFileSync('tar', args, { maxBuffer: 256 * 1024 * 1024 }), { level: 9 });
}
