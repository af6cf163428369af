import fc from 'fast-check';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKeyReference } from '../../src/domain/identifiers';
import { SOURCE_KINDS, type SourceKind } from '../../src/domain/source-kinds';
import { identifier, serialize } from '../../src/material/bundle';
import type { Encoding } from '../../src/material/encoding';
import { decode, openMaterial, openLocalSource, openSource } from '../../src/material/open-source';
import { commandSource } from '../../src/material/command-source';
import { SOURCES } from '../../src/material/sources';
import type { SourceReference } from '../../src/material/references';
import { sourceReference, type DeclaredMaterial } from '../../src/material/source-schema';
import { connectSecrets } from '../../src/aws/index';
import { madeUpBundle, wrappedFor } from '../support/ceremony';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { motoUrl } from '../support/moto';
import { describeWithPython } from '../support/python-programs';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const key = parseKeyReference('1234abcd-12ab-34cd-56ef-1234567890ab');
const encode = (bytes: Uint8Array, encoding: 'base64' | 'hex'): string =>
  Buffer.from(bytes).toString(encoding);

describe('when what a source holds is decoded', () => {
  it.each(['base64', 'hex'] as const)('%s of any bytes comes back, also in lines', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encode(bytes, encoding).replace(/.{10}/g, '$&\r\n');
        expect(decode(Buffer.from(text), encoding).equals(bytes)).toBe(true);
      }),
      RUNS,
    );
  });

  it('text that is not the encoding of anything is refused, and never half decoded', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('base64', 'hex'),
        (text, encoding) => {
          let decoded: Buffer | undefined;
          try {
            decoded = decode(Buffer.from(text), encoding);
          } catch {
            decoded = undefined;
          }
          const compact = text.replace(/[ \t\r\n]/g, '');
          if (decoded !== undefined) {
            expect(decoded.toString(encoding as 'hex').toLowerCase()).toBe(compact.toLowerCase());
          }
        },
      ),
      RUNS,
    );
  });

  it('what was decoded from is overwritten', () => {
    const content = Buffer.from('00ff'.repeat(8));
    decode(content, 'hex');
    expect(content.equals(Buffer.alloc(32))).toBe(true);
  });
});

/** Content in a source, and the inputs that describe it. */
interface Placed {
  readonly reference: SourceReference;
  readonly declared?: DeclaredMaterial;
}

let folder: string;
const env: NodeJS.ProcessEnv = {};
const settings = () => ({
  region: 'eu-west-1',
  credentials: CREDENTIALS,
  endpoint: motoUrl(),
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-sources-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Options of the machine that wraps the material. */
interface Elsewhere {
  readonly encoding?: Encoding | undefined;
  readonly passphrase?: string | undefined;
}

/** A command that wraps, and an HSM, do not show the bytes. */
type KindWithContent = Exclude<SourceKind, 'wrapCommand' | 'pkcs11'>;

const PLACES: Readonly<
  Record<KindWithContent, (content: Buffer, elsewhere?: Elsewhere) => Placed | Promise<Placed>>
> = {
  inline: (content) => ({
    reference: { kind: 'inline' },
    declared: { inline: content.toString() },
  }),
  file(content) {
    const file = join(folder, randomUUID());
    writeFileSync(file, content);
    return { reference: { kind: 'file', file } };
  },
  env(content) {
    const name = `MATERIAL_${randomUUID()}`;
    env[name] = content.toString();
    return { reference: { kind: 'env', env: name } };
  },
  async wrapped(content, { encoding = 'base64', passphrase } = {}) {
    const [bundle, ciphertext] = [randomUUID(), randomUUID()].map((name) => join(folder, name));
    const keySpec = encoding === 'pem' ? 'ECC_NIST_P256' : 'SYMMETRIC_DEFAULT';
    const made = madeUpBundle(`arn:aws:kms:eu-west-1:111122223333:key/${key.id}`, {
      keySpec,
      wrappingAlgorithm:
        keySpec === 'ECC_NIST_P256' ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256',
    });
    const opener = passphrase === undefined ? undefined : Buffer.from(passphrase.trimEnd());
    writeFileSync(bundle!, serialize(made));
    const wrapped = await wrappedFor(made, content, encoding, opener);
    writeFileSync(ciphertext!, serialize(wrapped));
    const id = identifier(wrapped);
    return { reference: { kind: 'wrapped', bundle: bundle!, ciphertext: ciphertext!, id } };
  },
  command(content) {
    const file = join(folder, randomUUID());
    writeFileSync(file, content);
    const command = ['cat', file];
    return { reference: commandSource.refer({ command }), declared: { command } };
  },
  async secretsManager(content) {
    const secretId = randomUUID();
    const client = new SecretsManagerClient(settings());
    await client.send(
      new CreateSecretCommand({ Name: secretId, SecretString: content.toString() }),
    );
    client.destroy();
    return { reference: { kind: 'secretsManager', secretId } };
  },
  async ssmParameter(content) {
    const name = `/${randomUUID()}`;
    const client = new SSMClient(settings());
    await client.send(
      new PutParameterCommand({ Name: name, Value: content.toString(), Type: 'SecureString' }),
    );
    client.destroy();
    return { reference: { kind: 'ssmParameter', name } };
  },
};

const KINDS = SOURCE_KINDS.filter(
  (kind): kind is KindWithContent => kind !== 'wrapCommand' && kind !== 'pkcs11',
);

for (const kind of KINDS) {
  const isAws = kind === 'secretsManager' || kind === 'ssmParameter';
  (isAws ? describeWithPython : describe)(`when material comes from ${kind}`, () => {
    const open = async (
      content: Buffer,
      more: Pick<SourceReference, 'encoding' | 'passphrase'> = {},
      passphrase?: string,
    ) => {
      const { reference, declared } = await PLACES[kind](content, {
        encoding: more.encoding,
        passphrase,
      });
      return openSource(
        { ...reference, ...more },
        { ...declared, passphrase: { inline: passphrase } },
        {
          env,
          connectSecrets: () => {
            const { region, credentials, endpoint } = settings();
            return Promise.resolve(
              connectSecrets({
                region,
                credentials,
                secretsManagerEndpoint: endpoint,
                ssmEndpoint: endpoint,
              }),
            );
          },
          signal: new AbortController().signal,
        },
      );
    };

    it('its bytes are the same material as everywhere, in the encoding of the source', async () => {
      const bytes = randomBytes(32);
      const expected = await openMaterial(Buffer.from(bytes), 'raw').fingerprint(key);
      const content =
        SOURCES[kind].encoding === 'raw' ? bytes : Buffer.from(bytes.toString('base64'));
      expect(await (await open(content)).fingerprint(key)).toBe(expected);
    });

    it('they are the same material in hex, with a line end', async () => {
      const bytes = randomBytes(32);
      const expected = await openMaterial(Buffer.from(bytes), 'raw').fingerprint(key);
      const material = await open(Buffer.from(`${bytes.toString('hex')}\n`), { encoding: 'hex' });
      expect(await material.fingerprint(key)).toBe(expected);
    });

    it('an encrypted private key is opened by its passphrase', async () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const expected = await openMaterial(
        privateKey.export({ format: 'der', type: 'pkcs8' }),
        'der',
      ).fingerprint(key);
      const pem = privateKey.export({
        format: 'pem',
        type: 'pkcs8',
        cipher: 'aes-256-cbc',
        passphrase: 'open',
      });
      const material = await open(
        Buffer.from(pem),
        { encoding: 'pem', passphrase: { kind: 'inline' } },
        'open\n',
      );
      expect(await material.fingerprint(key)).toBe(expected);
    });

    it('its reference may be in an import file, with no member beside those of its kind', async () => {
      const content = Buffer.from(encode(Buffer.alloc(32, 7), 'base64'));
      const { reference } = await PLACES[kind](content);
      expect(sourceReference.safeParse(reference)).toEqual({ success: true, data: reference });
      expect(sourceReference.safeParse({ ...reference, text: 'x' }).success).toBe(false);
    });

    it('what is not in the encoding is refused without being quoted', async () => {
      const secret = `not hex ${randomUUID()}`;
      const refused = open(Buffer.from(secret), { encoding: 'hex' });
      await expect(refused).rejects.toThrowWithCode('MATERIAL_ENCODING');
      await expect(refused).rejects.not.toThrow(secret);
    });
  });
}

describe('when a source is read at preview', () => {
  it('the environment is all that it reaches', async () => {
    const { reference } = await PLACES.env(Buffer.alloc(32, 7));
    const material = await openLocalSource(
      { kind: 'env', env: (reference as { env: string }).env, encoding: 'raw' },
      {},
      { env },
    );
    expect(await material.fingerprint(key)).toMatch(/^v1:/);
  });

  it('closed material is another one: its bytes are gone', async () => {
    const material = openMaterial(Buffer.from(encode(Buffer.alloc(32, 1), 'hex')), 'hex');
    const before = await material.fingerprint(key);
    material.close();
    material.close();
    expect(await material.fingerprint(key)).not.toBe(before);
  });
});
