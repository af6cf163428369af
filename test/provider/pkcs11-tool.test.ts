import { GenerateMacCommand, CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, works } from '../../packages/embedded-kms/test/support/kms-key';
import { runCli, useEmbeddedCredentials } from '../cli/run-cli';
import { describeWithSoftHsm } from '../support/describe-with-soft-hsm';
import { writeDocumentedScript } from '../support/documented-script';
import { ResourceLife } from '../support/resource-life';
import { SOFTHSM_MODULE, SoftHsm } from '../support/soft-hsm';

useEmbeddedCredentials();

describeWithSoftHsm('when pkcs11-tool has SoftHSM wrap by the script of the documentation', () => {
  let kms: EmbeddedKms;
  let client: KMSClient;
  let hsm: SoftHsm;
  let folder: string;
  let script: string;
  let env: NodeJS.ProcessEnv;

  const tool = (...args: string[]): string => hsm.tool('byok', ...args);

  beforeAll(async () => {
    hsm = new SoftHsm(['byok']);
    ({ folder } = hsm);
    script = writeDocumentedScript('wrap-command.md', 'pkcs11-tool of OpenSC', folder);
    env = {
      ...hsm.env,
      PKCS11_MODULE: SOFTHSM_MODULE,
      PKCS11_TOKEN: 'byok',
      PKCS11_PIN: hsm.pin,
    };
    kms = await startKms();
    client = clientOf(kms);
  });

  afterAll(async () => {
    client.destroy();
    await kms.close();
    hsm.remove();
  });

  // Before OpenSC 0.27, pkcs11-tool passed no parameters of OAEP to C_WrapKey.
  const wrapsByOaep = (): boolean => {
    const key = join(folder, 'probe.der');
    const rsa = ['genpkey', '-algorithm', 'RSA', '-out', join(folder, 'probe.pem')];
    execFileSync('openssl', rsa, { stdio: 'ignore' });
    const pub = ['-pubout', '-outform', 'DER', '-out', key];
    execFileSync('openssl', ['pkey', '-in', join(folder, 'probe.pem'), ...pub]);
    tool('--write-object', key, '--type', 'pubkey', '--id', 'fefe', '--usage-wrap');
    tool('--keygen', '--key-type', 'AES:32', '--id', 'fdfd', '--sensitive', '--extractable');
    const oaep = [
      '--mechanism',
      'RSA-PKCS-OAEP',
      '--hash-algorithm',
      'SHA-1',
      '--mgf',
      'MGF1-SHA1',
    ];
    const ids = ['--id', 'fefe', '--application-id', 'fdfd', '--output-file', `${key}.wrapped`];
    try {
      tool('--wrap', ...oaep, ...ids);
      return true;
    } catch {
      return false;
    } finally {
      tool('--delete-object', '--type', 'pubkey', '--id', 'fefe');
      tool('--delete-object', '--type', 'secrkey', '--id', 'fdfd');
    }
  };
  const program = (keyId: string, id: string, wrappingAlgorithm: string) => ({
    keyId,
    material: {
      wrapCommand: [script, id],
      passEnvironment: ['SOFTHSM2_CONF', 'PKCS11_MODULE', 'PKCS11_TOKEN', 'PKCS11_PIN'],
    },
    wrappingAlgorithm,
  });

  it('a sensitive AES key reaches KMS, or an older OpenSC is refused', async () => {
    tool('--keygen', '--key-type', 'AES:32', '--id', '01', '--sensitive', '--extractable');
    const keyId = await createKey(client);
    const up = new ResourceLife({ kms, env }).up(program(keyId, '01', 'RSAES_OAEP_SHA_1'));
    if (wrapsByOaep()) expect(await up).toBe('create');
    else await expect(up).rejects.toThrowWithCode('MATERIAL_COMMAND');
    expect(await works(client, keyId)).toBe(wrapsByOaep());
    expect(tool('--list-objects', '--type', 'pubkey')).toBe('');
  });

  it('an HMAC key is the one in the token, or an older OpenSC is refused', async () => {
    const bytes = randomBytes(32);
    const file = join(folder, 'hmac.bin');
    writeFileSync(file, bytes);
    const attributes = ['--sensitive', '--extractable', '--id', '02'];
    tool('--write-object', file, '--type', 'secrkey', '--key-type', 'AES:32', ...attributes);
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const keyId = KeyMetadata!.Arn!;
    const up = new ResourceLife({ kms, env }).up(program(keyId, '02', 'RSAES_OAEP_SHA_1'));
    if (!wrapsByOaep()) return expect(up).rejects.toThrowWithCode('MATERIAL_COMMAND');
    expect(await up).toBe('create');
    const Message = randomBytes(20);
    const { Mac } = await client.send(
      new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256', Message }),
    );
    expect(Buffer.from(Mac!)).toEqual(createHmac('sha256', bytes).update(Message).digest());
  });

  it.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', '04'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC', '05'],
  ] as const)(
    'the commands that params prints for %s make what imports, or an older OpenSC is refused',
    async (KeySpec, KeyUsage, id) => {
      const type = KeySpec === 'HMAC_256' ? 'GENERIC:32' : 'AES:32';
      const attributes = ['--sensitive', '--extractable', '--usage-sign', '--id', id];
      tool('--keygen', '--key-type', type, '--label', `key ${id}`, ...attributes);
      const { KeyMetadata } = await client.send(
        new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec, KeyUsage }),
      );
      const at = (name: string) => join(folder, `${id}-${name}`);
      const run = (...args: string[]) => runCli([...args, '--endpoint-url', kms.url]);
      const fetched = await run(
        ...['params', '--key-id', KeyMetadata!.Arn!, '--out', at('bundle.json'), '--json'],
        ...['--recipe', 'pkcs11-tool', '--wrapping-algorithm', 'RSAES_OAEP_SHA_1'],
      );
      const { commands } = JSON.parse(fetched.stdout) as { readonly commands: string[] };
      const shell = spawnSync('sh', ['-eu', '-c', commands.join('\n')], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...env, PKCS11_KEY: id },
      });
      expect(tool('--list-objects', '--type', 'pubkey')).toBe('');
      expect(shell.status === 0).toBe(wrapsByOaep());
      if (shell.status !== 0) return;
      const [, printed = ''] = /^fingerprint (v4:\w+)$/m.exec(shell.stdout) ?? [];
      const [, wrappedId = ''] = /^wrapped id (\w+)$/m.exec(shell.stdout) ?? [];
      const sealed = await runCli([
        ...['wrap', '--bundle', at('bundle.json'), '--ciphertext', join(folder, 'encrypted.bin')],
        ...['--fingerprint', printed, '--out', at('wrapped.json')],
      ]);
      expect(sealed).toMatchObject({ code: 0, stderr: '' });
      const imported = await run(
        ...['import', '--bundle', at('bundle.json'), '--wrapped', at('wrapped.json')],
        ...['--wrapped-id', wrappedId],
      );
      expect(imported).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('a token without OAEP by SHA-256 wraps nothing, and keeps no wrapping key', async () => {
    tool('--keygen', '--key-type', 'AES:32', '--id', '03', '--sensitive', '--extractable');
    const keyId = await createKey(client);
    const up = new ResourceLife({ kms, env }).up(program(keyId, '03', 'RSAES_OAEP_SHA_256'));
    await expect(up).rejects.toThrowWithCode('MATERIAL_COMMAND');
    expect(tool('--list-objects', '--type', 'pubkey')).toBe('');
  });
});
