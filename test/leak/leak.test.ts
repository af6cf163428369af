import type { KMSClient } from '@aws-sdk/client-kms';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { CheckFailed, ResourceLife } from '../support/resource-life';

jest.setTimeout(240_000);

let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

describe('when the provider answers or throws', () => {
  it('no result and no error carries the material', async () => {
    const material = randomBytes(32);
    const texts: string[] = [];
    const keep = (value: unknown): void => {
      const error = value as { message?: string; stack?: string; cause?: { message?: string } };
      texts.push(JSON.stringify(value), error.message ?? '', error.stack ?? '');
      texts.push(error.cause?.message ?? '');
    };
    for (const encoding of ['base64', 'hex', 'raw'] as const) {
      const text =
        encoding === 'raw' ? material.toString('hex').slice(0, 32) : material.toString(encoding);
      const shown = encoding === 'raw' ? Buffer.from(text) : material;
      const keyId = await createKey(client);
      const life = new ResourceLife({ kms });
      const program = { keyId, keySpec: 'SYMMETRIC_DEFAULT', material: { inline: text, encoding } };
      for (const operation of ['GetParametersForImport', 'ImportKeyMaterial']) {
        kms.inject({ operation, fault: { kind: 'error', type: 'KMSInvalidStateException' } });
        await life.up(program).catch(keep);
      }
      kms.inject({ operation: 'GetParametersForImport', times: 6, fault: { kind: 'garbage' } });
      await life.up(program).catch(keep);
      kms.clearFaults();
      keep(await life.check({}, program));
      await life.up(program);
      keep([life.inputs, life.outs]);
      for (const broken of [
        { material: { inline: text }, encoding: 'base64' },
        { material: { inline: `${text}0`, encoding } },
        { material: { inline: text, encoding: 'hex' } },
        { material: { inline: text, file: text } },
        { material: { file: text } },
        { material: { env: text } },
        { material: text },
        { material: { inline: text, encoding: text } },
        { keyId: text },
        { validTo: text },
        { keyMaterialBase64: text },
        { [text]: true },
        { material: { [text]: true } },
        { connection: { [text]: true } },
        { connection: { region: 1, endpoint: text } },
      ]) {
        const failed: unknown = await life
          .preview({ ...program, ...broken })
          .catch((error: unknown) => error);
        if (failed instanceof CheckFailed) keep(failed.failures);
        keep(failed);
      }
      expect(texts.length).toBeGreaterThan(20);
      for (const content of texts) expect(searchMaterial(shown, content)).toEqual([]);
      if (encoding === 'raw') for (const content of texts) expect(content).not.toContain(text);
    }
  });

  /** Everything that an error carries, in its chain of causes. */
  const textsOf = (thrown: unknown): string[] => {
    const texts: string[] = [];
    for (let error = thrown; error !== undefined && error !== null;) {
      const { message = '', stack = '', cause } = error as Partial<Error>;
      texts.push(inspect(error, { depth: 10, showHidden: true }), message, stack);
      error = cause;
    }
    return texts;
  };
  const refusalOf = async (what: Promise<unknown>): Promise<unknown> =>
    what.then(
      () => {
        throw new Error('nothing was refused');
      },
      (error: unknown) => error,
    );

  it('no error of a command that prints the material and fails carries it', async () => {
    const material = randomBytes(32);
    const base64 = material.toString('base64');
    const life = new ResourceLife({ kms });
    const impatient = new ResourceLife({ kms, commandTimeLimit: 300 });
    const keyId = await createKey(client);
    const print = 'printf "%s\\n" "$1"; printf "%s\\n" "$1" >&2;';
    const failing: [string, string][] = [
      [`${print} exit 3`, 'MATERIAL_COMMAND'],
      [`${print} sleep 600`, 'MATERIAL_COMMAND'],
      [`${print} yes "$1"`, 'MATERIAL_COMMAND'],
      [`${print} printf x`, 'MATERIAL_ENCODING'],
      [`${print} printf "%s" "$1"`, 'MATERIAL_ENCODING'],
    ];
    for (const [script, code] of failing) {
      const command = ['sh', '-c', script, 'sh', base64];
      // Only a command that never ends reaches the limit, even on a slow machine.
      const one = code === 'MATERIAL_COMMAND' ? impatient : life;
      const error = await refusalOf(one.up({ keyId, material: { command, encoding: 'base64' } }));
      expect((error as Error).message).toContain(code);
      for (const text of textsOf(error)) expect(searchMaterial(material, text)).toEqual([]);
      const wrapping = await refusalOf(impatient.up({ keyId, material: { wrapCommand: command } }));
      expect((wrapping as Error).message).toMatch(/MATERIAL_COMMAND|WRAPPED_LENGTH/);
      for (const text of textsOf(wrapping)) expect(searchMaterial(material, text)).toEqual([]);
    }
    const absent = await refusalOf(
      life.up({ keyId, material: { command: ['/nonexistent/program', base64] } }),
    );
    expect((absent as Error).message).toContain('MATERIAL_COMMAND');
    const misplaced = await refusalOf(life.up({ keyId, material: { command: [`/${base64}`] } }));
    expect((misplaced as Error).message).toContain('MATERIAL_SOURCE');
    for (const error of [absent, misplaced]) {
      for (const text of textsOf(error)) expect(searchMaterial(material, text)).toEqual([]);
    }
  });

  const secret = (length: number): Buffer => randomBytes(length);
  const ec = (namedCurve: string): Buffer =>
    generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'der', type: 'pkcs8' });
  const rsa = (modulusLength: number): Buffer =>
    generateKeyPairSync('rsa', { modulusLength }).privateKey.export({
      format: 'der',
      type: 'pkcs8',
    });
  const ed25519 = (): Buffer =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });

  it.each<[string, () => Buffer, string]>([
    ['SYMMETRIC_DEFAULT', () => secret(31), 'MATERIAL_LENGTH'],
    ['SYMMETRIC_DEFAULT', () => secret(33), 'MATERIAL_LENGTH'],
    ['SYMMETRIC_DEFAULT', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['HMAC_224', () => secret(27), 'MATERIAL_LENGTH'],
    ['HMAC_256', () => secret(31), 'MATERIAL_LENGTH'],
    ['HMAC_384', () => secret(129), 'MATERIAL_LENGTH'],
    ['HMAC_512', () => secret(63), 'MATERIAL_LENGTH'],
    ['RSA_2048', () => rsa(1024), 'MATERIAL_KEY_TYPE'],
    ['RSA_3072', () => rsa(2048), 'MATERIAL_KEY_TYPE'],
    ['RSA_4096', () => secret(512), 'MATERIAL_KEY_FORMAT'],
    ['ECC_NIST_P256', () => ec('P-384'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_P384', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_P521', () => ec('P-521').subarray(1), 'MATERIAL_KEY_FORMAT'],
    ['ECC_SECG_P256K1', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_EDWARDS25519', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_P256', () => ed25519(), 'MATERIAL_KEY_TYPE'],
  ])('no error of wrong material for %s carries it', async (keySpec, make, code) => {
    const material = make();
    const life = new ResourceLife({ kms });
    const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
    const inline = material.toString('base64');
    const failed = (await refusalOf(
      life.preview({ keyId, keySpec, material: { inline } }),
    )) as CheckFailed;
    expect(failed.codes).toEqual([code]);
    // The needle is the middle of it: the beginning of a private key is the same for all.
    const needles = [material, material.subarray(-24), material.subarray(material.length / 2)];
    for (const text of [...textsOf(failed), JSON.stringify(failed.failures)]) {
      for (const needle of needles.filter(({ length }) => length >= 16)) {
        expect(searchMaterial(needle, text)).toEqual([]);
      }
    }
  });
});
