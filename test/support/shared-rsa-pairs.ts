import crypto from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Almost every file of tests starts a KMS, which generates an RSA pair of 4096 bits for its import tokens. That takes
// seconds. So the first pair of each size that a file generates is the same in all files of a run.

interface Pair {
  readonly publicKey: crypto.KeyObject;
  readonly privateKey: crypto.KeyObject;
}
type Generate = (type: string, options?: { readonly modulusLength?: number }) => Promise<Pair>;

/** Files of a worker have one module of Node.js in common. The original is kept there. */
const ORIGINAL = Symbol.for('generateKeyPair of Node.js');

const shared = crypto as unknown as { generateKeyPair: object & { [ORIGINAL]?: object } };
const original = (shared.generateKeyPair[ORIGINAL] ??
  shared.generateKeyPair) as typeof crypto.generateKeyPair;
const generate = promisify(original) as unknown as Generate;

const folder = process.env.TEST_RSA_PAIRS;
const given = new Set<number>();

const promised: Generate = async (type, options) => {
  const { modulusLength = 0, ...others } = options ?? {};
  if (type !== 'rsa' || Object.keys(others).length > 0 || given.has(modulusLength))
    return generate(type, options);
  given.add(modulusLength);
  const file = join(folder ?? '', String(modulusLength));
  try {
    const privateKey = crypto.createPrivateKey(readFileSync(file, 'utf8'));
    return { privateKey, publicKey: crypto.createPublicKey(privateKey) };
  } catch {
    const pair = await generate(type, options);
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    renameSync(unfinished, file);
    return pair;
  }
};

if (folder !== undefined) {
  shared.generateKeyPair = Object.assign(
    (...args: Parameters<typeof original>) => {
      original(...args);
    },
    { [promisify.custom]: promised, [ORIGINAL]: original },
  );
}
