import { npm } from './npm';

/**
 * Returns the oldest version in a caret range, which is the one that it names, and the newest published
 * one.
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
