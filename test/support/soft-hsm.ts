import { execFileSync } from 'node:child_process';
import { createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The library of the Debian package softhsm2. */
export const SOFTHSM_MODULE = '/usr/lib/softhsm/libsofthsm2.so';

/** Random, so that it can be searched for. */
const PIN = randomBytes(12).toString('hex');

/** How a key is put into a token. */
interface NewKey {
  readonly token?: string;
  readonly label: string;
  /** Hex. Default: 01. */
  readonly id?: string;
  readonly isExtractable?: boolean;
  readonly isSensitive?: boolean;
}

interface KeyInList {
  readonly token: string;
  readonly label: string;
  readonly type: 'CKO_SECRET_KEY' | 'CKO_PRIVATE_KEY';
}

/** Tokens of SoftHSM in a folder of their own, and keys in them, which pkcs11-tool and softhsm2-util put there. */
export class SoftHsm {
  /** The PIN of every token. */
  readonly pin = PIN;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  #files = 0;

  /** @param parent - the folder in which they get their own */
  constructor(labels: readonly string[], parent = tmpdir()) {
    this.folder = mkdtempSync(join(parent, 'byok-softhsm-'));
    const configuration = join(this.folder, 'softhsm2.conf');
    mkdirSync(join(this.folder, 'tokens'));
    writeFileSync(
      configuration,
      `directories.tokendir = ${join(this.folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
    );
    this.env = { ...process.env, SOFTHSM2_CONF: configuration, HSM_PIN: PIN };
    for (const label of labels) this.initToken(label);
  }

  initToken(label: string): void {
    this.#run(
      'softhsm2-util',
      '--init-token',
      '--free',
      ...pair({ label, 'so-pin': '87654321', pin: PIN }),
    );
  }

  /** Removes a token with its keys. */
  deleteToken(label: string): void {
    this.#run('softhsm2-util', '--delete-token', '--token', label);
  }

  /** Generates a key that cannot be read: `AES:32`, `GENERIC:48`, `rsa:2048`, `EC:secp384r1`. */
  generate(type: string, key: NewKey): void {
    const isPair = /^(?:rsa|EC)/.test(type);
    this.tool(
      key.token,
      isPair ? '--keypairgen' : '--keygen',
      '--key-type',
      type,
      ...attributesOf(key),
      ...(isPair ? ['--usage-sign'] : []),
    );
  }

  /** Writes an AES key into a token. */
  writeAesKey(value: Buffer, key: NewKey): void {
    this.#write(value, key, '--type', 'secrkey', '--key-type', `AES:${value.length}`);
  }

  /** Writes a private key into a token, and its public key beside it. */
  writePrivateKey(privateKey: KeyObject, key: NewKey, { withPublicKey = true } = {}): void {
    const der = { format: 'der' } as const;
    this.#write(
      privateKey.export({ ...der, type: 'pkcs8' }),
      key,
      '--type',
      'privkey',
      '--usage-sign',
    );
    if (!withPublicKey) return;
    const spki = createPublicKey(privateKey).export({ ...der, type: 'spki' });
    const file = this.#file(spki);
    this.tool(
      key.token,
      '--write-object',
      file,
      '--type',
      'pubkey',
      ...pair({ label: key.label, id: key.id ?? '01' }),
    );
  }

  /** Creates an HMAC key of this value, which pkcs11-tool cannot. */
  writeHmacKey(value: Buffer, { token = '', label }: NewKey): void {
    this.#create(
      token,
      label,
      `m.C_CreateObject(session, [
      { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
      { type: p.CKA_KEY_TYPE, value: p.CKK_GENERIC_SECRET },
      { type: p.CKA_VALUE, value: Buffer.from('${value.toString('hex')}', 'hex') },
      { type: p.CKA_EXTRACTABLE, value: true },
      ...named,
    ])`,
    );
  }

  /** Sets `CKA_SIGN` or `CKA_EXTRACTABLE` of a key to false, which pkcs11-tool cannot. */
  forbid(what: 'SIGN' | 'EXTRACTABLE', { token, label, type }: KeyInList): void {
    this.#create(
      token,
      label,
      `m.C_FindObjectsInit(session, [named[0], { type: p.CKA_CLASS, value: p.${type} }]);
      const [key] = m.C_FindObjects(session, 1);
      m.C_FindObjectsFinal(session);
      m.C_SetAttributeValue(session, key, [{ type: p.CKA_${what}, value: false }])`,
    );
  }

  /** Generates an AES key that only trusted keys may wrap, which pkcs11-tool cannot. */
  generateWrappedByTrusted(token: string, label: string): void {
    this.#create(
      token,
      label,
      `m.C_GenerateKey(session, { mechanism: p.CKM_AES_KEY_GEN }, [
      { type: p.CKA_VALUE_LEN, value: 32 },
      { type: p.CKA_EXTRACTABLE, value: true },
      { type: p.CKA_WRAP_WITH_TRUSTED, value: true },
      ...named,
    ])`,
    );
  }

  /** Returns the slot and the serial number of a token, as pkcs11-tool lists them. */
  placeOf(label: string): { readonly slot: number; readonly serial: string } {
    const list = this.#run('pkcs11-tool', '--module', SOFTHSM_MODULE, '--list-token-slots');
    const form = new RegExp(
      `\\((0x[0-9a-f]+)\\)[^(]*?token label\\s+: ${label}\n[^(]*?serial num\\s+: (\\w+)`,
    );
    const [, slot = '', serial = ''] = form.exec(list) ?? [];
    return { slot: Number(slot), serial };
  }

  /** Returns the public key of a key on P-384, as pkcs11-tool lists it. */
  p384PublicKey(token: string, label: string): KeyObject {
    // The list has keys of other labels too, in any order.
    const list = this.tool(token, '--list-objects', '--type', 'pubkey');
    const own = list
      .split(/^(?=Public Key Object)/m)
      .find((text) => text.includes(`label:      ${label}\n`));
    const [, point = ''] = /EC_POINT:\s+0461([0-9a-f]+)/.exec(own ?? '') ?? [];
    return createPublicKey({
      key: Buffer.from(`3076301006072a8648ce3d020106052b81040022036200${point}`, 'hex'),
      format: 'der',
      type: 'spki',
    });
  }

  /** Reads a text file. */
  read(path: string): string {
    return readFileSync(path, 'utf8');
  }

  /** Deletes an object of a token. */
  delete(token: string | undefined, type: 'secrkey' | 'privkey' | 'pubkey', label: string): void {
    this.tool(token, '--delete-object', ...pair({ type, label }));
  }

  /** Runs pkcs11-tool, logged in to a token. */
  tool(token: string | undefined, ...args: string[]): string {
    const login = ['--module', SOFTHSM_MODULE, '--login', '--pin', PIN];
    return this.#run(
      'pkcs11-tool',
      ...login,
      ...(token === undefined ? [] : ['--token-label', token]),
      ...args,
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #create(token: string, label: string, call: string): void {
    const program = `${LOGIN}${call}; m.C_Finalize();`;
    const args = ['-e', program, SOFTHSM_MODULE, token, PIN, label];
    execFileSync(process.execPath, args, { env: this.env });
  }

  #write(value: Buffer, key: NewKey, ...args: string[]): void {
    this.tool(key.token, '--write-object', this.#file(value), ...args, ...attributesOf(key));
  }

  #file(content: Buffer): string {
    const path = join(this.folder, `object-${(this.#files += 1)}`);
    writeFileSync(path, content);
    return path;
  }

  #run(program: string, ...args: string[]): string {
    return execFileSync(program, args, {
      env: this.env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

function attributesOf({
  label,
  id = '01',
  isExtractable = true,
  isSensitive = true,
}: NewKey): string[] {
  return [
    ...pair({ label, id }),
    '--private',
    ...(isSensitive ? ['--sensitive'] : []),
    ...(isExtractable ? ['--extractable'] : []),
  ];
}

function pair(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Logs in to a token with pkcs11js. */
const LOGIN = `
  const p = require('pkcs11js');
  const [, path, token, pin, label] = process.argv;
  const m = new p.PKCS11();
  m.load(path);
  m.C_Initialize();
  const slot = m.C_GetSlotList(true).find((each) => m.C_GetTokenInfo(each).label.trim() === token);
  const session = m.C_OpenSession(slot, p.CKF_SERIAL_SESSION | p.CKF_RW_SESSION);
  m.C_Login(session, p.CKU_USER, pin);
  const named = [{ type: p.CKA_LABEL, value: label }, { type: p.CKA_TOKEN, value: true }];
`;

/** Compiles the module that misbehaves (pkcs11-shim.c), and returns its path. */
export function compileShim(folder: string): string {
  const library = join(folder, 'shim.so');
  const source = join(__dirname, 'pkcs11-shim.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  return library;
}
