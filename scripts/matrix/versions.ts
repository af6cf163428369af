import { npm } from './npm';

/**
 * The oldest version that a caret range takes, which is the one it names, and the newest of those that
 * are published.
 */
export async function endsOfRange(name: string, range: string): Promise<string[]> {
  const published = JSON.parse(
    await npm(['view', `${name}@${range}`, 'version', '--json'], '.'),
  ) as string | string[];
  const newest = [published]
    .flat()
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  const oldest = range.replace(/^\^/, '');
  return [...new Set([oldest, newest ?? oldest])];
}
