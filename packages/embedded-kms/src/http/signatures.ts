import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { KmsError } from '../errors/kms-error';
import type { KmsRequest } from './protocol';
import {
  incompleteSignature,
  missingAuthenticationToken,
  signatureMismatch,
  unrecognizedClient,
} from '../errors/signature-errors';
import type { SessionRecord } from '../state/records';

/** Secret access keys by access key id. */
export type Secrets = Readonly<Record<string, string>>;

/** Returns why a request is refused; undefined when its signature is valid. */
export type Authenticator = (
  request: KmsRequest,
  sessions: ReadonlyMap<string, SessionRecord>,
) => Promise<KmsError | undefined>;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/,\s]+)\/(?<date>\d{8})\/(?<region>[^/,\s]+)\/(?<service>[^/,\s]+)\/aws4_request,\s*SignedHeaders=(?<headers>[^,\s]+),\s*Signature=(?<signature>[0-9a-f]{64})$/;

const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Verifies Signature Version 4 by signing the request again with AWS's own library, which is loaded only
 * here. The age of a signature is not checked: clients sign with the real time, and the clock of this
 * server may show any time.
 */
export async function signatureAuthenticator(secrets: Secrets): Promise<Authenticator> {
  const { SignatureV4 } = await import('@smithy/signature-v4');
  return async (request, sessions) => {
    const { headers } = request;
    if (headers.authorization === undefined) return missingAuthenticationToken();
    const groups = AUTHORIZATION.exec(headers.authorization)?.groups;
    if (groups === undefined) return incompleteSignature();
    const { key = '', date = '', region = '', service = '', signature = '' } = groups;
    const secretAccessKey = Object.hasOwn(secrets, key)
      ? secrets[key]
      : sessions.get(key)?.secretAccessKey;
    if (secretAccessKey === undefined) return unrecognizedClient();

    const signedAt = instant(headers['x-amz-date']);
    if (signedAt === undefined || !headers['x-amz-date']?.startsWith(date)) {
      return incompleteSignature();
    }
    // The library trusts this header for the hash of the body.
    const bodyHash = createHash('sha256').update(request.body).digest('hex');
    if ((headers['x-amz-content-sha256'] ?? bodyHash) !== bodyHash) return signatureMismatch();

    const names = (groups.headers ?? '').split(';');
    const signer = new SignatureV4({
      credentials: { accessKeyId: key, secretAccessKey },
      region,
      service,
      sha256: NodeSha256,
      applyChecksum: false,
    });
    const url = new URL(request.url, 'http://localhost');
    const signed = await signer.sign(
      {
        method: request.method,
        protocol: 'http:',
        hostname: 'localhost',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
        body: request.body,
      },
      { signingDate: signedAt, signableHeaders: new Set(names) },
    );
    const expected = /Signature=(?<hex>[0-9a-f]{64})$/.exec(signed.headers.authorization ?? '');
    const same = timingSafeEqual(
      Buffer.from(expected?.groups?.hex ?? '0'.repeat(64), 'hex'),
      Buffer.from(signature, 'hex'),
    );
    return same ? undefined : signatureMismatch();
  };
}

function instant(amzDate: string | undefined): Date | undefined {
  const parts = AMZ_DATE.exec(amzDate ?? '');
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

interface Digest {
  update(data: Buffer): unknown;
  digest(): Buffer;
}

/** SHA-256, or HMAC-SHA-256 with a secret, in the interface that the library expects. */
class NodeSha256 {
  #hash: Digest;
  readonly #start: () => Digest;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#start = () =>
      secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
    this.#hash = this.#start();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#start();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data);
}
