import { assert } from '../../errors';
import type { Material } from '../material';
import type { Pkcs11Reference } from '../references';
import type { FindAnswer, FoundKey, KeyPlace, OaepHash } from './messages';
import { paddingWarning } from './padding';
import { readPin, type DeclaredPin, type PinContext } from './pin';
import type { TokenClient } from './token-client';
import { TokenPrivateKey, TokenSecret } from './token-material';
import { keyWrapMechanism } from './vendors';

/**
 * Logs in if the token wants it, and opens the key that the reference names.
 *
 * @param pin - the source of the PIN, as the program declares it; undefined if only the reference is known
 * @throws {@link ByokError} `PKCS11_*`, `PACKAGE_MISSING`, and those of the source of the PIN
 */
export async function openKey(
  reference: Pkcs11Reference,
  client: TokenClient,
  pin: DeclaredPin | undefined,
  context: PinContext,
): Promise<Material> {
  const place: KeyPlace = {
    token: {
      label: reference.tokenLabel,
      serial: reference.tokenSerial,
      slot: reference.slot,
    },
    key: { label: reference.keyLabel, id: reference.keyId },
  };
  const answer = await find(client, place, reference, pin, context);
  const { key: found, token: description } = answer;
  assertWrappable(found);
  const { oaepHash, keyWrapMechanism: keyWrap = keyWrapMechanism(description) } = reference;
  const warning = paddingWarning(found.kind, { ...description, keyWrap });
  if (warning !== undefined) context.warn?.(warning);
  const oaepHashes = oaepHash === undefined ? description.oaepHashes : [HASH[oaepHash]];
  const open = { client, ...place, found, description, keyWrap, oaepHashes };
  return found.kind.kind === 'secret'
    ? new TokenSecret(open, found.kind.bytes)
    : new TokenPrivateKey(open);
}

const HASH = { SHA_256: 'sha256', SHA_1: 'sha1' } as const satisfies Record<
  NonNullable<Pkcs11Reference['oaepHash']>,
  OaepHash
>;

async function find(
  client: TokenClient,
  place: KeyPlace,
  reference: Pkcs11Reference,
  declared: DeclaredPin | undefined,
  context: PinContext,
): Promise<Exclude<FindAnswer, { login: unknown }>> {
  const { signal } = context;
  const first = await client.ask('find', place, signal);
  if (!('login' in first)) return first;
  assert(
    reference.pin !== undefined || first.login === 'keypad',
    'PKCS11_PIN',
    'the token of material.pkcs11 wants a PIN: name its source in pin',
  );
  const pin =
    reference.pin === undefined
      ? undefined
      : await readPin(reference.pin, declared, context, reference.passEnvironment);
  const login = async (): Promise<void> => {
    await client.ask('login', { token: place.token, pin }, signal);
  };
  await (context.pinAttempts?.attempt(first.token, login, signal) ?? login());
  const second = await client.ask('find', place, signal);
  assert(!('login' in second), 'PKCS11_PIN', 'the token of material.pkcs11 ended the login again');
  return second;
}

// The token decides, but says less, and only after an import has begun.
function assertWrappable({ kind, isExtractable, isWrappedByTrusted }: FoundKey): void {
  assert(
    kind.kind !== 'other',
    'PKCS11_KEY',
    `the key of material.pkcs11 is of a type that KMS does not import (${kind.kind === 'other' ? kind.type : ''}): name a secret key, or an RSA, EC or Ed25519 private key`,
  );
  assert(
    isExtractable,
    'PKCS11_NOT_WRAPPABLE',
    'the key of material.pkcs11 must not leave its token, not even wrapped (CKA_EXTRACTABLE is false), which cannot be undone: generate another key with CKA_EXTRACTABLE and CKA_SENSITIVE; if KMS got the material before the attribute was set, put material under ignoreChanges instead',
  );
  assert(
    !isWrappedByTrusted,
    'PKCS11_NOT_WRAPPABLE',
    'the key of material.pkcs11 may be wrapped only by keys that the security officer of the token trusts (CKA_WRAP_WITH_TRUSTED), and the wrapping key of KMS is new for each import: generate another key without it',
  );
}
