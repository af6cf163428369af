import { homedir } from 'node:os';
import { join } from 'node:path';

/** Returns the folder in which the engine of a version is kept, outside of any checkout. */
export function engineCacheFolder(version: string, env: NodeJS.ProcessEnv = process.env): string {
  const machine = `${process.platform}-${process.arch}`;
  return join(userCacheFolder(env), 'pulumi-kms-byok', 'engine', `${version}-${machine}`);
}

function userCacheFolder(env: NodeJS.ProcessEnv): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = env;
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== '') return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
