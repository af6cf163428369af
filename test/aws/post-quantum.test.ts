import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KMSClient } from '@aws-sdk/client-kms';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { findNewerNode, NODE_22, NODE_24 } from '../../scripts/test-tools/newer-node';
import { connect } from '../../src/aws/index';
import { hasHybridKeyExchange } from '../../src/aws/post-quantum';

jest.setTimeout(120_000);

const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const PROGRAM = join(__dirname, '..', 'support', 'import-over-tls.js');
const credentials = {
  accessKeyId: CREDENTIALS.accessKeyId,
  secretAccessKey: CREDENTIALS.secretAccessKey,
};

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_PROXY: '',
};

let folder: string;
let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'byok-post-quantum-'));
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
      .concat(['-keyout', join(folder, 'key'), '-out', join(folder, 'certificate'), '-days', '2'])
      .concat(['-subj', '/CN=kms', '-addext', 'subjectAltName=DNS:localhost,DNS:kms.example']),
    { stdio: 'ignore' },
  );
  kms = await startKms({ allowHosts: ['kms.example', 'localhost'] });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
  rmSync(folder, { recursive: true });
});

interface Case {
  readonly transport?: 'post-quantum';
  readonly tls?: object;
  readonly isThroughProxy?: boolean;
}

interface Result {
  readonly keyExchange?: string | null;
  readonly refused?: string;
  readonly requests: number;
}

/** Imports over TLS with a Node.js, in each of the cases. */
async function importOverTls(program: string, cases: readonly Case[]): Promise<Result[]> {
  const keys = [];
  for (const one of cases) keys.push({ ...one, keyId: await createKey(client) });
  const certificate = join(folder, 'certificate');
  const asked = { kms: kms.url, key: join(folder, 'key'), certificate, cases: keys };
  // Not a call that blocks, because the KMS runs in this process.
  const { stdout, stderr } = await promisify(execFile)(program, [PROGRAM, JSON.stringify(asked)], {
    env: { ...process.env, ...ENVIRONMENT, NODE_EXTRA_CA_CERTS: certificate },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Result[];
}

describe('when a connection has to be post-quantum', () => {
  it('one without TLS is refused, and nothing is opened', async () => {
    let opened = 0;
    const server = createServer((socket) => {
      opened += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const kmsClient = connect({
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${port}`,
      transport: 'post-quantum',
      credentials,
    });
    await expect(
      kmsClient.observeKey(KEY_ARN, AbortSignal.timeout(10_000)),
    ).rejects.toThrowWithCode('TRANSPORT_NOT_POST_QUANTUM');
    expect(opened).toBe(0);
    server.close();
  });

  it('a runtime that names the key exchange has it in the receipt, also without the option', async () => {
    const [result] = await importOverTls(process.execPath, [{ tls: { ecdhCurve: 'X25519' } }]);
    expect(result).toMatchObject({ keyExchange: 'X25519' });
  });
});

describeUnless(hasHybridKeyExchange() ? 'an OpenSSL without ML-KEM' : undefined)(
  'when this Node.js has no hybrid key exchange',
  () => {
    it('a connection that has to be post-quantum is refused with its version', async () => {
      const [result] = await importOverTls(process.execPath, [{ transport: 'post-quantum' }]);
      expect(result).toMatchObject({ requests: 0 });
      expect(result?.refused).toContain(process.versions.node);
      expect(result?.refused).toContain('[TRANSPORT_NOT_POST_QUANTUM]');
    });
  },
);

// The names that each gives of a hybrid key exchange, with the option and without.
const SHOWN = [
  [NODE_22, 'hybrid ML-KEM', null],
  [NODE_24, 'X25519MLKEM768', 'X25519MLKEM768'],
] as const;

for (const [newer, required, optional] of SHOWN) {
  const node = findNewerNode(newer);
  describeUnless(node === undefined ? newer.title : undefined)(
    `when ${newer.title} imports over a post-quantum connection`,
    () => {
      it('it imports where hybrid key exchange is agreed on, and sends nothing elsewhere', async () => {
        const transport = 'post-quantum' as const;
        const agreed: readonly Case[] = [
          { transport },
          { transport, isThroughProxy: true },
          { transport, tls: { ecdhCurve: 'SecP256r1MLKEM768' } },
          { transport, tls: { ecdhCurve: 'SecP384r1MLKEM1024' } },
        ];
        const classical: readonly Case[] = [
          { transport, tls: { ecdhCurve: 'X25519:prime256v1' } },
          { transport, tls: { maxVersion: 'TLSv1.2' } },
          { transport, tls: { ciphers: 'AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } },
          { transport, tls: { ecdhCurve: 'X25519' }, isThroughProxy: true },
        ];
        const results = await importOverTls(node!, [...agreed, ...classical]);
        expect(results.slice(0, 2).map(({ keyExchange }) => keyExchange)).toEqual([
          required,
          required,
        ]);
        for (const { keyExchange } of results.slice(2, agreed.length))
          expect(keyExchange).toMatch(/MLKEM|ML-KEM/);
        for (const { requests } of results.slice(0, agreed.length)) {
          expect(requests).toBeGreaterThan(0);
        }
        for (const { refused, requests } of results.slice(agreed.length)) {
          expect(refused).toContain('[TRANSPORT_NOT_POST_QUANTUM]');
          expect(requests).toBe(0);
        }
      });

      it('it agrees to hybrid key exchange without the option, and to another where there is none', async () => {
        const results = await importOverTls(node!, [
          { tls: { ecdhCurve: 'X25519MLKEM768' } },
          { tls: { ecdhCurve: 'X25519' } },
        ]);
        expect(results.map(({ keyExchange }) => keyExchange)).toEqual([optional, 'X25519']);
      });
    },
  );
}
