import { assert } from '../../errors';
import { CKA, CKK, CKK_HMAC, CKO } from './cryptoki';
import type { FoundKey, FoundKind, KeySelector } from './messages';
import type { Functions, Handle } from './module';
import { ecPublicKey, edwardsPublicKey, namedCurve, rsaPublicKey } from './public-key';

/** A key of a token and what the token says about it. */
export interface KeyInToken {
  readonly handle: Handle;
  readonly found: FoundKey;
}

/**
 * Finds the one secret or private key that matches.
 *
 * @throws {@link ByokError} `PKCS11_KEY`
 */
export function findKey(functions: Functions, session: Handle, selector: KeySelector): KeyInToken {
  const search = new Search(functions, session);
  const found = [CKO.secretKey, CKO.privateKey].flatMap((type) =>
    search.objects(type, selector).map((handle) => ({ handle, type })),
  );
  const [only] = found;
  assert(
    only !== undefined && found.length === 1,
    'PKCS11_KEY',
    found.length === 0
      ? 'the token of material.pkcs11 has no secret or private key that keyLabel and keyId name: correct them, or generate the key. A tool of the vendor lists the keys after a login'
      : `the token of material.pkcs11 has ${found.length} secret or private keys that keyLabel and keyId name, and exactly one is expected: give both, or rename the other keys`,
  );
  const read = new Attributes(functions, session, only.handle);
  const kind = only.type === CKO.secretKey ? secretKind(read) : privateKind(read);
  return {
    handle: only.handle,
    found: {
      kind,
      // Absent on tokens that let every key be wrapped, or none; then the token decides.
      isExtractable: read.flag(CKA.extractable) ?? true,
      isWrappedByTrusted: read.flag(CKA.wrapWithTrusted) ?? false,
      publicKey: publicKeyOf(kind, read, search),
    },
  };
}

class Search {
  readonly #functions: Functions;
  readonly #session: Handle;

  constructor(functions: Functions, session: Handle) {
    this.#functions = functions;
    this.#session = session;
  }

  objects(type: number, { label, id }: KeySelector): Handle[] {
    this.#functions.C_FindObjectsInit(this.#session, [
      { type: CKA.class, value: type },
      ...(label === undefined ? [] : [{ type: CKA.label, value: label }]),
      ...(id === undefined ? [] : [{ type: CKA.id, value: Buffer.from(id, 'hex') }]),
    ]);
    try {
      const found: Handle[] = [];
      // A module may give them in several parts, of which only an empty one is the last.
      while (found.length < MANY) {
        const more = this.#functions.C_FindObjects(this.#session, MANY);
        if (more.length === 0) break;
        found.push(...more);
      }
      return found;
    } finally {
      this.#functions.C_FindObjectsFinal(this.#session);
    }
  }

  read(handle: Handle): Attributes {
    return new Attributes(this.#functions, this.#session, handle);
  }
}

// Only whether there is more than one matters.
const MANY = 100;

class Attributes {
  readonly #functions: Functions;
  readonly #session: Handle;
  readonly #object: Handle;

  constructor(functions: Functions, session: Handle, object: Handle) {
    this.#functions = functions;
    this.#session = session;
    this.#object = object;
  }

  // One at a time: an attribute that an object does not have fails the whole call.
  bytes(type: number): Buffer | undefined {
    try {
      const [attribute] = this.#functions.C_GetAttributeValue(this.#session, this.#object, [
        { type },
      ]);
      return attribute === undefined || attribute.value.length === 0 ? undefined : attribute.value;
    } catch {
      return undefined;
    }
  }

  flag(type: number): boolean | undefined {
    const [first] = this.bytes(type) ?? [];
    return first === undefined ? undefined : first !== 0;
  }

  number(type: number): number | undefined {
    const value = this.bytes(type);
    return value === undefined ? undefined : value.readUInt32LE();
  }
}

function secretKind(read: Attributes): FoundKind {
  const keyType = read.number(CKA.keyType);
  const bytes = read.number(CKA.valueLength);
  const type =
    keyType === CKK.aes
      ? 'aes'
      : keyType === CKK.genericSecret
        ? 'generic'
        : CKK_HMAC.includes(keyType ?? -1)
          ? 'hmac'
          : undefined;
  return type === undefined || bytes === undefined
    ? { kind: 'other', type: hex(keyType) }
    : { kind: 'secret', type, bytes };
}

function privateKind(read: Attributes): FoundKind {
  const keyType = read.number(CKA.keyType);
  const parameters = read.bytes(CKA.ecParameters);
  const other: FoundKind = { kind: 'other', type: hex(keyType) };
  if (keyType === CKK.rsa) {
    const modulus = read.bytes(CKA.modulus);
    return modulus === undefined ? other : { kind: 'rsa', bits: bitsOf(modulus) };
  }
  if (keyType === CKK.ec) {
    const curve = parameters === undefined ? undefined : namedCurve(parameters);
    return curve === undefined ? other : { kind: 'ec', curve };
  }
  return keyType === CKK.ecEdwards ? { kind: 'ed25519' } : other;
}

function publicKeyOf(kind: FoundKind, read: Attributes, search: Search): Buffer | undefined {
  const id = read.bytes(CKA.id)?.toString('hex');
  switch (kind.kind) {
    case 'rsa': {
      const modulus = read.bytes(CKA.modulus);
      const beside = (): Buffer | undefined => publicPart(id, CKA.publicExponent, search);
      const exponent = read.bytes(CKA.publicExponent) ?? beside();
      return modulus && exponent && rsaPublicKey(modulus, exponent);
    }
    case 'ec':
    case 'ed25519': {
      // The private key has no point in PKCS #11 before 3.1.
      const point = read.bytes(CKA.ecPoint) ?? publicPart(id, CKA.ecPoint, search);
      if (point === undefined) return undefined;
      return kind.kind === 'ec' ? ecPublicKey(kind.curve, point) : edwardsPublicKey(point);
    }
    case 'secret':
    case 'other':
      return undefined;
  }
}

// The public key of the same CKA_ID, which the standard intends for the two parts of a pair (PKCS #11 3.1 section
// 4.8).
function publicPart(id: string | undefined, type: number, search: Search): Buffer | undefined {
  const found = id === undefined ? [] : search.objects(CKO.publicKey, { id });
  const [only] = found;
  return only === undefined || found.length > 1 ? undefined : search.read(only).bytes(type);
}

function bitsOf(modulus: Buffer): number {
  const start = modulus.findIndex((byte) => byte !== 0);
  const first = modulus[start] ?? 0;
  return (modulus.length - start) * 8 - Math.clz32(first) + 24;
}

function hex(type: number | undefined): string {
  return type === undefined ? 'unknown' : `0x${type.toString(16)}`;
}
