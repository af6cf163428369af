import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageVersion } from './bundle';

/**
 * Makes the tag from which Pulumi installs a version of the plugin by the URL of the repository. It names a commit of its
 * own, with nothing but the folder of the plugin. Neither the branch nor the work tree changes.
 *
 * @param plugin - the folder of the plugin
 * @returns the name of the tag
 */
export function tagPlugin(repository: string, plugin: string): string {
  const tag = `v${packageVersion()}`;
  const index = mkdtempSync(join(tmpdir(), 'plugin-tag-'));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], {
      encoding: 'utf8',
      env: { ...process.env, GIT_INDEX_FILE: join(index, 'index') },
    }).trim();
  try {
    git('--work-tree', plugin, 'add', '--all', '--force', '.');
    const message = `Release the native plugin ${tag}`;
    const commit = git('commit-tree', git('write-tree'), '-m', message);
    git('tag', tag, commit);
    return tag;
  } finally {
    rmSync(index, { recursive: true, force: true });
  }
}
