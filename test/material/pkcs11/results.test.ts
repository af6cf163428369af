import { generateKeyPairSync } from 'node:crypto';
import type { KeyInToken } from '../../../src/material/pkcs11/find-key';
import { checkValue, digestKey } from '../../../src/material/pkcs11/identify-key';
import { Logins } from '../../../src/material/pkcs11/login';
import { type Functions, Pkcs11Module } from '../../../src/material/pkcs11/module';
import { isGone, moduleError } from '../../../src/material/pkcs11/module-error';
import { assertPair } from '../../../src/material/pkcs11/prove-pair';
import { wrapKey } from '../../../src/material/pkcs11/wrap-key';

// SoftHSM gives few of these results, so the functions are those of no module.

const HANDLE = Buffer.alloc(8);
const OTHER = 'CKR_GENERAL_ERROR';

const failing = (result: string) => (): never => {
  throw new Error(`${result}:48`);
};

/** A module of which every function gives a result, but those that are given. */
function moduleOf(result: string, working: Partial<Functions> = {}): Pkcs11Module {
  const functions = new Proxy(working, {
    get: (_, name) => working[name as keyof Functions] ?? failing(result),
  });
  return Reflect.construct(Pkcs11Module, [functions, 9]) as Pkcs11Module;
}

const SECRET: KeyInToken = {
  handle: HANDLE,
  found: {
    kind: { kind: 'secret', type: 'aes', bytes: 32 },
    isExtractable: true,
    isWrappedByTrusted: false,
  },
};

const PAIR: KeyInToken = {
  handle: HANDLE,
  found: {
    kind: { kind: 'ed25519' },
    isExtractable: true,
    isWrappedByTrusted: false,
    publicKey: generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }),
  },
};

const USES_NOT = [
  'CKR_FUNCTION_FAILED',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_KEY_INDIGESTIBLE',
  'CKR_KEY_TYPE_INCONSISTENT',
  'CKR_MECHANISM_INVALID',
];

describe('when a token refuses to compute by a key', () => {
  it.each(USES_NOT)('the key is identified in another way (%s)', (result) => {
    const { functions } = moduleOf(result);
    expect(digestKey(functions, HANDLE, SECRET, Buffer.alloc(1))).toBeUndefined();
    expect(checkValue(functions, HANDLE, SECRET)).toBeUndefined();
  });

  it.each([
    ...USES_NOT,
    'CKR_CURVE_NOT_SUPPORTED',
    'CKR_KEY_SIZE_RANGE',
    'CKR_MECHANISM_PARAM_INVALID',
    'CKR_USER_NOT_LOGGED_IN',
  ])('a pair is taken as the token says (%s)', (result) => {
    expect(() => {
      assertPair(moduleOf(result).functions, HANDLE, PAIR);
    }).not.toThrow();
  });

  it('any other result is an error', () => {
    const { functions } = moduleOf(OTHER);
    expect(() => digestKey(functions, HANDLE, SECRET, Buffer.alloc(1))).toThrow(OTHER);
    expect(() => checkValue(functions, HANDLE, SECRET)).toThrow(OTHER);
    expect(() => {
      assertPair(functions, HANDLE, PAIR);
    }).toThrow(OTHER);
  });
});

describe('when a token refuses to wrap a key', () => {
  const wrap = (result: string) => () =>
    wrapKey(moduleOf(result), HANDLE, HANDLE, {
      modulus: Buffer.alloc(512, 0xc3),
      exponent: Buffer.from('010001', 'hex'),
      hash: 'sha256',
    });

  it.each([
    'CKR_ARGUMENTS_BAD',
    'CKR_ATTRIBUTE_TYPE_INVALID',
    'CKR_ATTRIBUTE_VALUE_INVALID',
    'CKR_FUNCTION_NOT_SUPPORTED',
    'CKR_KEY_FUNCTION_NOT_PERMITTED',
    'CKR_KEY_NOT_WRAPPABLE',
    'CKR_KEY_SIZE_RANGE',
    'CKR_KEY_UNEXTRACTABLE',
    'CKR_MECHANISM_INVALID',
    'CKR_MECHANISM_PARAM_INVALID',
    'CKR_TEMPLATE_INCOMPLETE',
    'CKR_TEMPLATE_INCONSISTENT',
    'CKR_WRAPPING_KEY_HANDLE_INVALID',
    'CKR_WRAPPING_KEY_SIZE_RANGE',
    'CKR_WRAPPING_KEY_TYPE_INCONSISTENT',
  ])('it is said what the token lacks (%s)', (result) => {
    expect(wrap(result)).toThrowWithCode('PKCS11_NOT_WRAPPABLE');
  });

  it('any other result is an error of the module', () => {
    expect(wrap(OTHER)).toThrow(OTHER);
    expect(wrap(OTHER)).not.toThrowWithCode('PKCS11_NOT_WRAPPABLE');
  });
});

describe('when there is no token any more', () => {
  it.each([
    'CKR_DEVICE_ERROR',
    'CKR_DEVICE_REMOVED',
    'CKR_SESSION_CLOSED',
    'CKR_SESSION_HANDLE_INVALID',
    'CKR_SLOT_ID_INVALID',
    'CKR_TOKEN_NOT_PRESENT',
    'CKR_TOKEN_NOT_RECOGNIZED',
  ])('the token is named as the cause, and its slot is skipped (%s)', (result) => {
    expect(() => moduleError(failing(result))).toThrowWithCode('PKCS11_TOKEN');
    expect(isGone(new Error(result))).toBe(true);
  });

  it('any other result is an error of the module', () => {
    expect(() => moduleError(failing(OTHER))).toThrowWithCode('PKCS11_ERROR');
    expect(isGone(new Error(OTHER))).toBe(false);
  });
});

describe('when a token is asked for the hashes of RSA-OAEP', () => {
  const version = { major: 1, minor: 0 };
  const hashesOf = (result: string): readonly string[] =>
    moduleOf(result, {
      C_GetTokenInfo: () => ({
        label: 'one',
        manufacturerID: 'a',
        model: 'b',
        serialNumber: '1',
        flags: 0,
        maxSessionCount: 0,
        sessionCount: 0,
        maxRwSessionCount: 0,
        rwSessionCount: 0,
        maxPinLen: 8,
        minPinLen: 4,
        totalPublicMemory: 0,
        freePublicMemory: 0,
        totalPrivateMemory: 0,
        freePrivateMemory: 0,
        hardwareVersion: version,
        firmwareVersion: version,
        utcTime: '',
      }),
      C_GetMechanismList: () => [0x09],
      C_OpenSession: () => HANDLE,
      C_CreateObject: () => HANDLE,
    }).describeToken(HANDLE).oaepHashes;

  it.each(['CKR_ARGUMENTS_BAD', 'CKR_MECHANISM_INVALID', 'CKR_MECHANISM_PARAM_INVALID'])(
    'it has none that it refuses (%s)',
    (result) => {
      expect(hashesOf(result)).toEqual([]);
    },
  );

  it('any other result says nothing about them', () => {
    expect(hashesOf(OTHER)).toEqual(['sha256', 'sha1']);
  });
});

describe('when a token refuses a login', () => {
  const login = (result: string) => () => {
    const module = moduleOf(result, {
      C_GetTokenInfo: () => ({ flags: 0x4 }) as ReturnType<Functions['C_GetTokenInfo']>,
      C_OpenSession: () => HANDLE,
      C_CloseSession: () => undefined,
    });
    new Logins(module).login(HANDLE, '1234');
  };

  it.each([
    ['CKR_PIN_INCORRECT', /correct the PIN/],
    ['CKR_PIN_LEN_RANGE', /correct the PIN/],
    ['CKR_ARGUMENTS_BAD', /correct the PIN/],
    ['CKR_PIN_LOCKED', /security officer/],
    ['CKR_USER_PIN_NOT_INITIALIZED', /security officer/],
    [OTHER, /says nothing about the PIN/],
  ])('the remedy fits the reason (%s)', (result, remedy) => {
    expect(login(result)).toThrowWithCode('PKCS11_PIN');
    expect(login(result)).toThrow(remedy);
  });

  it('a login that another program has made is one', () => {
    expect(login('CKR_USER_ALREADY_LOGGED_IN')).not.toThrow();
  });
});
