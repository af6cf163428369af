import { assert } from '../errors';

/**
 * Variables that every command gets: where programs, the home folder and temporary files are, how text is shown,
 * and how the network is reached. A program may name more of them. Everything else may be a credential, or the
 * material of another resource, which no list of secrets could know.
 */
const ALWAYS_PASSED = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TMP', 'TEMP'],
  ...['LANG', 'LANGUAGE', 'TERM', 'TZ'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['APPDATA', 'COMSPEC', 'LOCALAPPDATA', 'PATHEXT', 'PROGRAMDATA', 'PROGRAMFILES'],
  ...['SYSTEMDRIVE', 'SYSTEMROOT', 'USERPROFILE', 'WINDIR'],
]);
const ALWAYS_PASSED_PREFIXES = ['LC_', 'XDG_'];

// With one of these, a program can decrypt every secret of the stack.
const NEVER_PASSED = ['PULUMI_CONFIG_PASSPHRASE', 'PULUMI_CONFIG_PASSPHRASE_FILE'];

/**
 * Refuses the variables with the passphrase of the stack.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function assertCanBePassed(names: readonly string[]): void {
  const refused = NEVER_PASSED.find((name) => names.some((each) => each.toUpperCase() === name));
  assert(
    refused === undefined,
    'MATERIAL_SOURCE',
    `material.passEnvironment names ${String(refused)}, with which a command could decrypt every secret of the stack: remove it`,
  );
}

/** Returns the environment of a command: the variables that every command gets, and those that are named. */
export function environmentOfCommand(
  env: NodeJS.ProcessEnv,
  named: readonly string[],
): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => isAlwaysPassed(name) || named.includes(name)),
  );
}

// Windows does not distinguish upper and lower case, and programs read http_proxy too.
function isAlwaysPassed(name: string): boolean {
  const upper = name.toUpperCase();
  return (
    ALWAYS_PASSED.has(upper) || ALWAYS_PASSED_PREFIXES.some((prefix) => upper.startsWith(prefix))
  );
}
