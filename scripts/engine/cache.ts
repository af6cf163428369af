import { userCache } from '../user-cache';

/** Returns the folder in which the engine of a version is kept. */
export function engineCacheFolder(version: string, env: NodeJS.ProcessEnv = process.env): string {
  return userCache(env, 'engine', `${version}-${process.platform}-${process.arch}`);
}
