import { existsSync } from 'node:fs';
import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, works } from '../../../packages/embedded-kms/test/support/kms-key';
import type { Diagnosis } from '../../../src/cli/doctor/diagnosis';
import { parseWrapped, identifier } from '../../../src/material/bundle';
import {
  describeWithCompiledModule,
  describeWithSoftHsm,
} from '../../support/describe-with-soft-hsm';
import { SOFTHSM_MODULE, SoftHsm, compileShim } from '../../support/soft-hsm';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';

useEmbeddedCredentials();
const inFolder = temporaryFolder();

let hsm: SoftHsm;
let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  hsm = new SoftHsm(['vault', 'never logged in to']);
  hsm.generate('AES:32', { token: 'vault', label: 'root', id: '01' });
  kms = await startKms();
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
  hsm.remove();
});

const run = (...args: string[]) => runCli(args, { env: hsm.env as Record<string, string> });

const ceremony = async (keyId: string, algorithm: string): Promise<[string, string]> => {
  const [bundle, out] = [`${algorithm}.json`, `wrapped-${algorithm}.json`].map((name) =>
    inFolder(name),
  );
  const place = ['--endpoint-url', kms.url, '--wrapping-algorithm', algorithm, '--force'];
  await run('params', '--key-id', keyId, '--out', bundle!, ...place);
  return [bundle!, out!];
};

describeWithSoftHsm('when doctor looks at a PKCS #11 library', () => {
  const doctor = async (module: string): Promise<Diagnosis[]> => {
    const { stdout } = await run('doctor', '--offline', '--json', '--pkcs11', module);
    return JSON.parse(stdout) as Diagnosis[];
  };

  it('it shows the module, the tokens, their mechanisms and the keys that can be imported', async () => {
    const found = await doctor(SOFTHSM_MODULE);
    const module = found.find(({ name }) => name === 'PKCS #11 module');
    expect(module).toMatchObject({
      verdict: 'ok',
      found: expect.stringContaining('SoftHSM') as string,
    });
    const { slot, serial } = hsm.placeOf('vault');
    expect(found.find(({ name }) => name === 'token "vault"')).toMatchObject({
      // Of this version of SoftHSM, KMS takes only some private keys.
      verdict: 'warning',
      details: {
        slot,
        serial,
        oaepHashes: ['SHA-1'],
        keyWrapMechanism: '0x210A',
        imports: ['symmetric', 'HMAC', 'RSA', 'EC'],
        mechanisms: expect.arrayContaining(['0x9', '0x210A']) as string[],
      },
    });
  });

  it('a library that cannot be loaded is a problem', async () => {
    const { code, stdout } = await run('doctor', '--offline', '--pkcs11', '/absent.so');
    expect(code).toBe(2);
    expect(stdout).toMatch(/problem {2}PKCS #11 module: not usable \[PKCS11_MODULE\]/);
    expect(stdout).toContain('--pass-environment');
    expect(stdout).not.toMatch(/material\.|passEnvironment/);
  });
});

describeWithSoftHsm('when an HSM is on the offline side of a ceremony', () => {
  const named = [
    '--pkcs11',
    SOFTHSM_MODULE,
    '--token',
    'vault',
    '--key',
    'root',
    '--pin',
    'env:HSM_PIN',
  ];

  it('it wraps its key, and the import has the same fingerprint', async () => {
    const keyId = await createKey(client);
    const [bundle, out] = await ceremony(keyId, 'RSAES_OAEP_SHA_1');
    const wrapped = await run('wrap', '--json', '--bundle', bundle, '--out', out, ...named);
    expect(wrapped).toMatchObject({ code: 0, stderr: '' });
    const { wrappedId, materialFingerprint } = JSON.parse(wrapped.stdout) as Record<string, string>;
    expect(wrappedId).toBe(identifier(parseWrapped(hsm.read(out))));
    expect(materialFingerprint).toMatch(/^v1:/);
    const pair = ['--bundle', bundle, '--wrapped', out, '--wrapped-id', wrappedId!];
    expect(await run('import', '--endpoint-url', kms.url, ...pair)).toMatchObject({ code: 0 });
    expect(await works(client, keyId)).toBe(true);
  });

  it.each([
    [
      'an algorithm that the token does not have',
      'RSAES_OAEP_SHA_256',
      named,
      'WRAPPING_UNSUPPORTED',
    ],
    ['two materials', 'RSAES_OAEP_SHA_1', [...named, '--material', 'file:x'], 'MATERIAL_SOURCE'],
    [
      'a key of an HSM without its library, beside other material',
      'RSAES_OAEP_SHA_1',
      ['--token', 'vault', '--key', 'root', '--material', 'env:HSM_PIN'],
      'MATERIAL_SOURCE',
    ],
  ])('%s is refused', async (_what, algorithm, args, code) => {
    const [bundle, out] = await ceremony(await createKey(client), algorithm);
    const ended = await run('wrap', '--force', '--bundle', bundle, '--out', out, ...args);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`[${code}]`);
  });

  const locked = ['--pkcs11', SOFTHSM_MODULE, '--token', 'never logged in to', '--key', 'root'];

  it.each([
    ['--pkcs11', ['--pkcs11', '/absent.so', '--token', 'vault', '--key', 'root']],
    ['--pass-environment', ['--pkcs11', '/absent.so', '--token', 'vault', '--key', 'root']],
    ['--token', ['--pkcs11', SOFTHSM_MODULE, '--token', 'absent', '--key', 'root']],
    ['--key', [...named.slice(0, 4), '--key', 'absent', '--pin', 'env:HSM_PIN']],
    ['--token', ['--pkcs11', SOFTHSM_MODULE, '--key', 'root']],
    ['--key', ['--pkcs11', SOFTHSM_MODULE, '--token', 'vault']],
    ['--pin', [...locked, '--pin', 'env:ABSENT_PIN']],
    ['--pin', locked],
  ])('a message names the option %s, and no input of a program', async (option, args) => {
    const [bundle, out] = await ceremony(await createKey(client), 'RSAES_OAEP_SHA_1');
    const { code, stderr } = await run('wrap', '--bundle', bundle, '--out', `${out}.new`, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(option);
    expect(stderr).not.toMatch(/--material|material\.|token(Label|Serial)|key(Label|Id)|in pin\b/);
    expect(stderr).not.toMatch(/passEnvironment|wrappingAlgorithm/);
  });

  it('a bundle that the token cannot serve names the option that makes another', async () => {
    const [bundle, out] = await ceremony(await createKey(client), 'RSAES_OAEP_SHA_256');
    const { stderr } = await run('wrap', '--bundle', bundle, '--out', `${out}.new`, ...named);
    expect(stderr).toContain('--wrapping-algorithm RSAES_OAEP_SHA_1');
    expect(stderr).not.toContain('wrappingAlgorithm');
  });

  it('a PIN in the place of its source is refused without being repeated', async () => {
    const [bundle, out] = await ceremony(await createKey(client), 'RSAES_OAEP_SHA_1');
    const args = ['--bundle', bundle, '--out', `${out}.new`, '--pkcs11', SOFTHSM_MODULE];
    const { code, stderr } = await run('wrap', ...args, '--pin', 'sEcReT99');
    expect(code).toBe(1);
    expect(stderr).toContain('[MATERIAL_SOURCE]');
    expect(stderr).not.toContain('sEcReT99');
  });

  it('fingerprint reads a key of another type from the same library', async () => {
    hsm.generate('EC:secp384r1', { token: 'vault', label: 'ec', id: '02' });
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'ECC_NIST_P384',
        KeyUsage: 'SIGN_VERIFY',
      }),
    );
    const pkcs11 = {
      module: SOFTHSM_MODULE,
      tokenLabel: 'vault',
      keyLabel: 'ec',
      pin: { env: 'HSM_PIN' },
    };
    const { stdout } = await run(
      'fingerprint',
      '--key-id',
      KeyMetadata!.Arn!,
      '--material',
      JSON.stringify({ pkcs11 }),
    );
    expect(stdout).toMatch(/^v2:[0-9a-f]{64}\n$/);
  });
});

describeWithCompiledModule('when a library needs a variable of its own', () => {
  it.each([
    ['it gets one that an option names', ['--pass-environment', 'SHIM_LOG'], true],
    ['it gets no other', [], false],
  ])('%s', async (_what, args, gets) => {
    const log = inFolder(`logins-${gets}`);
    const [bundle, out] = await ceremony(await createKey(client), 'RSAES_OAEP_SHA_1');
    const named = ['--pkcs11', compileShim(hsm.folder), '--token', 'vault', '--key', 'root'];
    const ended = await runCli(
      [
        'wrap',
        '--bundle',
        bundle,
        '--out',
        `${out}-${gets}`,
        ...named,
        '--pin',
        'env:HSM_PIN',
        ...args,
      ],
      { env: { ...hsm.env, SHIM_LOG: log } },
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(log)).toBe(gets);
  });
});
