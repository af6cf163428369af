import { delimiter } from 'node:path';
import { executableIn } from '../executable';
import { run } from '../run-command';

/** A program that tests need and that is a Debian package. */
export interface DebianProgram {
  readonly title: string;
  /** Possible names of the program on PATH. */
  readonly names: readonly string[];
  /** Name of the package. */
  readonly package: string;
}

/** The Debian programs that tests need. */
export const DEBIAN_PROGRAMS = {
  chromium: {
    title: 'Chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    package: 'chromium',
  },
  zsh: { title: 'zsh', names: ['zsh'], package: 'zsh' },
  fish: { title: 'fish', names: ['fish'], package: 'fish' },
  softHsm: { title: 'SoftHSM', names: ['softhsm2-util'], package: 'softhsm2' },
  openSc: { title: 'OpenSC', names: ['pkcs11-tool'], package: 'opensc' },
  // With the headers of C, which the package gcc only recommends.
  gcc: { title: 'GCC', names: ['gcc'], package: 'build-essential' },
  openSsl: { title: 'OpenSSL', names: ['openssl'], package: 'openssl' },
  openSsh: { title: 'ssh-keygen', names: ['ssh-keygen'], package: 'openssh-client' },
  jdk: { title: 'JDK', names: ['javac'], package: 'default-jdk-headless' },
  maven: { title: 'Maven', names: ['mvn'], package: 'maven' },
  xxd: { title: 'xxd', names: ['xxd'], package: 'xxd' },
  jq: { title: 'jq', names: ['jq'], package: 'jq' },
  age: { title: 'age', names: ['age'], package: 'age' },
} as const satisfies Readonly<Record<string, DebianProgram>>;

/** Returns the program on PATH; undefined if there is none. */
export function findProgram(
  { names }: DebianProgram,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter);
  return names.map((name) => executableIn(folders, name)).find((file) => file !== undefined);
}

/** The lists of packages are read once for all programs. */
let listsRead: Promise<void> | undefined;

/** Installs the package of a program. */
export async function installProgram(
  { package: name }: DebianProgram,
  say: (line: string) => void,
): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error(`only root can install it. Run: sudo apt-get install ${name}`);
  }
  const apt = (...args: string[]) => ({
    program: 'apt-get',
    args,
    cwd: '/',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  listsRead ??= run(apt('update'), say, 'lines were printed');
  await listsRead;
  await run(apt('install', '--yes', '--no-install-recommends', name), say, 'lines were printed');
}
