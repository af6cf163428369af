import * as z from 'zod';
import { omitUndefined } from '../../domain/omit-undefined';
import { assert } from '../../errors';
import { assertCanBePassed } from '../command-environment';
import { assertOnlyNames } from '../mistaken-material';
import type { Pkcs11Reference } from '../references';
import type { LocalSelfWrappingSource } from '../source';
import { environmentOfModule } from './module-environment';
import { openKey } from './open-key';
import { pinReference, pinSchema, referToPin } from './pin';
import { TokenClients } from './token-client';

const text = z.string().min(1);
const names = {
  module: text,
  tokenLabel: text,
  tokenSerial: text,
  slot: z.number().int().min(0),
  keyLabel: text,
  keyId: text,
  keyWrapMechanism: z.number().int().min(0),
  oaepHash: z.enum(['SHA_256', 'SHA_1']),
  passEnvironment: z.array(text),
};
const pkcs11 = z.strictObject({ ...names, pin: pinSchema }).partial();

export interface Pkcs11Declared {
  readonly pkcs11: z.infer<typeof pkcs11>;
}

/**
 * The shortest secret that KMS imports, in bytes. An ID is usually shorter: one byte, or the SHA-1 of a public key, which
 * looks as random as a key.
 */
const SHORTEST_SECRET = 28;

/** The process of a module, and so the login to a token, lasts as long as this process. */
const CLIENTS = new TokenClients();

/**
 * Opens a key of an HSM, which wraps it itself: nothing but the ciphertext and hashes leave the token. A preview opens
 * it too, unless a command prints the PIN.
 *
 * @throws {@link ByokError} `PACKAGE_MISSING`, `PKCS11_MODULE`, `PKCS11_TOKEN`, `PKCS11_PIN`, `PKCS11_KEY`,
 * `PKCS11_NOT_WRAPPABLE`, `PKCS11_IDENTITY`, `PKCS11_ERROR`, and those of the source of the PIN
 */
export const pkcs11Source: LocalSelfWrappingSource<Pkcs11Declared, Pkcs11Reference> = {
  members: { pkcs11 },
  reference: {
    module: names.module,
    tokenLabel: names.tokenLabel.optional(),
    tokenSerial: names.tokenSerial.optional(),
    slot: names.slot.optional(),
    keyLabel: names.keyLabel.optional(),
    keyId: names.keyId.optional(),
    keyWrapMechanism: names.keyWrapMechanism.optional(),
    oaepHash: names.oaepHash.optional(),
    passEnvironment: names.passEnvironment.optional(),
    pin: pinReference.optional(),
  },
  isLocal: true,
  isReadable: true,
  needsCommand: ({ pin }) => pin !== undefined && 'program' in pin,
  refer({ pkcs11: { module, pin, keyId, ...rest } }) {
    assert(
      module !== undefined,
      'MATERIAL_SOURCE',
      'material.pkcs11.module is missing: give the path of the PKCS #11 library of the vendor',
    );
    assert(
      rest.tokenLabel !== undefined || rest.tokenSerial !== undefined || rest.slot !== undefined,
      'MATERIAL_SOURCE',
      'material.pkcs11 names no token: give tokenLabel, tokenSerial or slot',
    );
    assert(
      rest.keyLabel !== undefined || keyId !== undefined,
      'MATERIAL_SOURCE',
      'material.pkcs11 names no key: give keyLabel or keyId',
    );
    const id = keyId?.replaceAll(':', '').toLowerCase();
    assert(
      id === undefined || /^(?:[0-9a-f]{2})+$/.test(id),
      'MATERIAL_SOURCE',
      'material.pkcs11.keyId is not hex: give the CKA_ID of the key as pairs of the digits 0-9 a-f',
    );
    assertCanBePassed(rest.passEnvironment ?? []);
    const reference: Pkcs11Reference = {
      kind: 'pkcs11',
      module,
      ...omitUndefined({ ...rest, keyId: id, pin: pin === undefined ? pin : referToPin(pin) }),
    };
    const others: Pkcs11Reference = { ...reference, keyId: undefined };
    assertOnlyNames(others);
    assert(
      id === undefined || id.length / 2 < SHORTEST_SECRET,
      'MATERIAL_SOURCE',
      'material.pkcs11.keyId is as long as a key, and state and previews would show it: if it is the CKA_ID, name the key by keyLabel',
    );
    return reference;
  },
  async open(reference, { pkcs11: declared }, context) {
    const { module, passEnvironment = [], pin } = reference;
    const clients = context.tokenClients ?? CLIENTS;
    const pinVariable = pin !== undefined && 'env' in pin ? pin.env : undefined;
    const env = environmentOfModule(context.env, passEnvironment, pinVariable);
    const client = clients.of({ module, env });
    return openKey(reference, client, declared?.pin, context);
  },
};
