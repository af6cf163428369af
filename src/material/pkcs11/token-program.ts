import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { asByokError } from '../../errors';
import { findKey, type KeyInToken } from './find-key';
import { checkValue, digestKey } from './identify-key';
import { Logins } from './login';
import type { Answer, Ask, KeyPlace, Question, Questions } from './messages';
import { Pkcs11Module, type Handle } from './module';
import { moduleError } from './module-error';
import { assertPair } from './prove-pair';
import { wrapKey } from './wrap-key';

// The program of the process that a PKCS #11 module runs in. Its parent sends messages over the channel of
// child_process.fork, so nothing is an argument.

interface Loaded {
  readonly module: Pkcs11Module;
  readonly logins: Logins;
}

let loaded: Loaded | undefined;

/** How each question is answered. */
const ANSWERS: {
  readonly [Name in Question]: (
    loaded: Loaded,
    ask: Questions[Name]['ask'],
  ) => Questions[Name]['answer'];
} = {
  describe: ({ module }) => module.describe(),
  login: ({ module, logins }, { token, pin }) => {
    logins.login(module.findToken(token), pin);
    return { done: true };
  },
  find: ({ module, logins }, { token, key }) => {
    const slot = module.findToken(token);
    const login = logins.wanted(slot);
    if (login !== undefined) return { login, token: module.identityOf(slot) };
    return {
      key: module.inSession(slot, (session) => {
        const inToken = findKey(module.functions, session, key);
        assertPair(module.functions, session, inToken);
        return inToken.found;
      }),
      token: module.describeToken(slot),
    };
  },
  digest: ({ module }, { prefix, ...place }) =>
    withKey(module, place, (session, key) => digestKey(module.functions, session, key, prefix)),
  checkValue: ({ module }, { hash, ...place }) =>
    withKey(module, place, (session, key) => checkValue(module.functions, session, key, hash)),
  wrap: ({ module }, { token, key, ...wrapping }) =>
    withKey(module, { token, key }, (session, { handle }) =>
      wrapKey(module, session, handle, wrapping),
    ),
};

function withKey<T>(
  module: Pkcs11Module,
  { token, key }: KeyPlace,
  use: (session: Handle, key: KeyInToken) => T,
): T {
  return module.inSession(module.findToken(token), (session) =>
    use(session, findKey(module.functions, session, key)),
  );
}

async function answer(ask: Ask): Promise<unknown> {
  if ('load' in ask) {
    const module = await Pkcs11Module.load(ask.load);
    loaded = { module, logins: new Logins(module) };
    return undefined;
  }
  const has = loaded;
  if (has === undefined) throw new Error('no module is loaded');
  const { question, ...rest } = ask;
  const run = ANSWERS[question] as (loaded: Loaded, ask: unknown) => unknown;
  return moduleError(() => run(has, rest));
}

function send(message: Answer): void {
  process.send?.(message);
}

/**
 * Keeps memory, which has the PIN and what the module has in it, out of core dumps. Only Linux can do so; without the
 * file, the limits of the parent apply.
 */
function keepOutOfCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Another operating system.
  }
}

/** Kills the group of this process, which has what the module started, and this process. */
function end(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}

/**
 * Ends this process when its parent is gone while a function of the module blocks. The event loop of this thread does
 * not run then.
 */
function endWithParent(): void {
  const watch = `const parent = process.ppid;
    const end = ${end.toString()};
    setInterval(() => { if (process.ppid !== parent) end(); }, 1000);`;
  new Worker(watch, { eval: true, stdout: true, stderr: true }).unref();
}

keepOutOfCoreDumps();
endWithParent();

process.on('message', (ask: Ask) => {
  answer(ask).then(
    (value) => {
      send({ value });
    },
    (error: unknown) => {
      const { code, reason } = asByokError(error);
      send({ failure: { code, reason } });
    },
  );
});

process.once('disconnect', () => {
  loaded?.logins.close();
  loaded?.module.close();
  // An exit would run what the module does when it is unloaded, which may block, and stop the watch before that.
  end();
});
