import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPythonPrograms } from '../../scripts/test-tools/python';

/** Wraps 32 bytes in another language. */
export interface WrapPeer {
  readonly name: string;
  /** Target for the rate of this package beside that of the peer. */
  readonly atLeast: number;
  /** The program to run, or the reason why there is none. */
  readonly found: Found;
}

type Found =
  | { readonly file: string; readonly args: readonly string[]; readonly version: string }
  | { readonly missing: string };

/**
 * Finds the peers of a wrap.
 *
 * @param folder - where the program in Go is built
 */
export function findWrapPeers(folder: string): WrapPeer[] {
  return [
    { name: "Python's cryptography", atLeast: 1, found: findPython() },
    { name: "Go's standard library", atLeast: 1.5, found: buildGo(folder) },
  ];
}

/** Returns the wraps per second of processor time. */
export function ratePerSecond(
  { file, args }: Exclude<Found, { readonly missing: string }>,
  spkiFile: string,
  count: number,
): number {
  return count / Number(outputOf(file, [...args, spkiFile, String(count)]));
}

function findPython(): Found {
  const bin = findPythonPrograms();
  const ask =
    "import cryptography as c, platform as p; print(f'{c.__version__}, Python {p.python_version()}')";
  for (const file of [...(bin === undefined ? [] : [join(bin, 'python')]), 'python3']) {
    try {
      const version = `cryptography ${outputOf(file, ['-c', ask])}`;
      return { file, args: [join(__dirname, 'wrap.py')], version };
    } catch {
      // The next one.
    }
  }
  return { missing: 'there is no python3 with the package cryptography' };
}

function buildGo(folder: string): Found {
  const file = join(folder, 'wrap');
  try {
    outputOf('go', ['build', '-o', file, join(__dirname, 'wrap.go')]);
    return { file, args: [], version: outputOf('go', ['env', 'GOVERSION']) };
  } catch {
    return { missing: 'there is no go on PATH that builds bench/wrappers/wrap.go' };
  }
}

function outputOf(file: string, args: readonly string[]): string {
  return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
