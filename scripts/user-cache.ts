import { homedir } from 'node:os';
import { join } from 'node:path';

/** Returns a path in the cache folder of the user, outside of any checkout. */
export function userCache(env: NodeJS.ProcessEnv, ...names: string[]): string {
  return join(cacheFolder(env), 'pulumi-kms-byok', ...names);
}

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  if (XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== '') return XDG_CACHE_HOME;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}
