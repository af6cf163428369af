import type * as Pkcs11js from 'pkcs11js';
import { assert, ByokError } from '../../errors';
import { CKA, CKG, CKM, CKZ_DATA_SPECIFIED, CKO, CKK, SESSION_FLAG } from './cryptoki';
import type { ModuleDescription, OaepHash, TokenDescription, TokenSelector } from './messages';
import { isGone, moduleError, resultOf } from './module-error';

/** A handle of the library: a `CK_ULONG`. */
export type Handle = Buffer;
/** The functions of a module. */
export type Functions = Pkcs11js.PKCS11;

/** A PKCS #11 module that is loaded into this process, the process of {@link TokenClient}. */
export class Pkcs11Module {
  readonly functions: Functions;
  readonly #oaepParameters: number;

  private constructor(functions: Functions, oaepParameters: number) {
    this.functions = functions;
    this.#oaepParameters = oaepParameters;
  }

  /**
   * Loads a module.
   *
   * @throws {@link ByokError} `PACKAGE_MISSING`, `PKCS11_MODULE`
   */
  static async load(path: string): Promise<Pkcs11Module> {
    const { PKCS11, CK_PARAMS_RSA_OAEP } = await loadPackage();
    const functions = new PKCS11();
    try {
      functions.load(path);
      functions.C_Initialize();
    } catch (error) {
      const result = resultOf(error);
      throw new ByokError(
        'PKCS11_MODULE',
        `material.pkcs11.module cannot be loaded${result === undefined ? '' : ` (${result})`}: give the path of the PKCS #11 library of the vendor for this operating system and processor, and the variables that it needs in passEnvironment`,
      );
    }
    return new Pkcs11Module(functions, CK_PARAMS_RSA_OAEP);
  }

  /** Describes the module and its tokens. Skips slots whose token was never initialised. */
  describe(): ModuleDescription {
    return moduleError(() => {
      const info = this.functions.C_GetInfo();
      return {
        manufacturer: info.manufacturerID.trim(),
        description: info.libraryDescription.trim(),
        version: `${info.libraryVersion.major}.${info.libraryVersion.minor}`,
        cryptoki: `${info.cryptokiVersion.major}.${info.cryptokiVersion.minor}`,
        tokens: this.#slots().map((slot) => this.describeToken(slot)),
      };
    });
  }

  /**
   * Finds the one token that matches.
   *
   * @throws {@link ByokError} `PKCS11_TOKEN`
   */
  findToken(selector: TokenSelector): Handle {
    return moduleError(() => {
      const slots = this.#slots();
      const found = slots.filter((slot) => matches(this.#identify(slot), selector));
      const [slot] = found;
      assert(
        slot !== undefined && found.length === 1,
        'PKCS11_TOKEN',
        found.length === 0
          ? `no token of the module of material.pkcs11, which has ${slots.length}, is the one that tokenLabel, tokenSerial or slot names: connect it, or correct the name (kms-byok doctor --pkcs11 lists them)`
          : `the module of material.pkcs11 has ${found.length} tokens of this name: add tokenSerial or slot (kms-byok doctor --pkcs11 lists them)`,
      );
      return slot;
    });
  }

  /** Returns a text that only this token has, whichever module and slot shows it. */
  identityOf(slot: Handle): string {
    const { manufacturerID, model, serialNumber, label } = this.functions.C_GetTokenInfo(slot);
    return JSON.stringify([manufacturerID, model, serialNumber, label].map((text) => text.trim()));
  }

  /** Describes a token, without a login. */
  describeToken(slot: Handle): TokenDescription {
    const token = this.functions.C_GetTokenInfo(slot);
    const mechanisms = this.functions.C_GetMechanismList(slot);
    const { major, minor } = token.firmwareVersion;
    return {
      ...this.#identify(slot),
      manufacturer: token.manufacturerID.trim(),
      model: token.model.trim(),
      firmware: [major, minor],
      mechanisms,
      oaepHashes: mechanisms.includes(CKM.rsaOaep) ? this.#oaepHashes(slot) : [],
    };
  }

  /** The mechanism of RSA-OAEP with an empty label, and MGF1 by the same hash. */
  oaep(hash: OaepHash): Pkcs11js.Mechanism {
    const [hashAlg, mgf] =
      hash === 'sha256' ? [CKM.sha256, CKG.mgf1Sha256] : [CKM.sha1, CKG.mgf1Sha1];
    const parameter = { type: this.#oaepParameters, hashAlg, mgf, source: CKZ_DATA_SPECIFIED };
    return { mechanism: CKM.rsaOaep, parameter };
  }

  /** Creates an RSA public key that exists as long as the session. */
  createWrappingKey(session: Handle, modulus: Buffer, exponent: Buffer): Handle {
    return this.functions.C_CreateObject(session, [
      { type: CKA.class, value: CKO.publicKey },
      { type: CKA.keyType, value: CKK.rsa },
      { type: CKA.token, value: false },
      { type: CKA.private, value: false },
      { type: CKA.wrap, value: true },
      { type: CKA.encrypt, value: true },
      { type: CKA.modulus, value: modulus },
      { type: CKA.publicExponent, value: exponent },
    ]);
  }

  /** Opens a session, and closes it with everything that was created in it. */
  inSession<T>(slot: Handle, use: (session: Handle) => T): T {
    const session = this.functions.C_OpenSession(slot, SESSION_FLAG.serial);
    try {
      return use(session);
    } finally {
      try {
        this.functions.C_CloseSession(session);
      } catch {
        // The token is gone, and its sessions with it.
      }
    }
  }

  /** Ends all sessions and unloads the module. */
  close(): void {
    try {
      this.functions.C_Finalize();
      this.functions.close();
    } catch {
      // The process ends next.
    }
  }

  #slots(): Handle[] {
    return this.functions.C_GetSlotList(true).filter((slot) => this.#isUsable(slot));
  }

  // The card of another reader may be of a kind that the module does not know.
  #isUsable(slot: Handle): boolean {
    try {
      return (this.functions.C_GetTokenInfo(slot).flags & TOKEN_INITIALIZED) !== 0;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  #identify(slot: Handle) {
    const { label, serialNumber } = this.functions.C_GetTokenInfo(slot);
    return { slot: slotNumber(slot), label: label.trim(), serial: serialNumber.trim() };
  }

  // The list of mechanisms does not show the hashes. An encryption that is only begun does: it uses a public key that
  // nobody has the private key of, and nothing is encrypted.
  #oaepHashes(slot: Handle): OaepHash[] {
    const takes = (hash: OaepHash): boolean =>
      this.inSession(slot, (session) => {
        try {
          const key = this.createWrappingKey(session, PROBE_MODULUS, PROBE_EXPONENT);
          this.functions.C_EncryptInit(session, this.oaep(hash), key);
          return true;
        } catch (error) {
          // Anything else, such as a token that creates no key before the login, says nothing about the hash.
          return !REFUSED_PARAMETERS.includes(resultOf(error) ?? '');
        }
      });
    return (['sha256', 'sha1'] as const).filter(takes);
  }
}

/** `CKF_TOKEN_INITIALIZED`. */
const TOKEN_INITIALIZED = 0x400;

const REFUSED_PARAMETERS: readonly string[] = [
  'CKR_ARGUMENTS_BAD',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_MECHANISM_INVALID',
];

// Odd, and of 2048 bits.
const PROBE_MODULUS = Buffer.alloc(256, 0xc3);
const PROBE_EXPONENT = Buffer.from('010001', 'hex');

function matches(
  token: { readonly slot: number; readonly label: string; readonly serial: string },
  { label, serial, slot }: TokenSelector,
): boolean {
  return (
    (label === undefined || token.label === label.trim()) &&
    (serial === undefined || token.serial === serial) &&
    (slot === undefined || token.slot === slot)
  );
}

// `CK_SLOT_ID` is an unsigned long: four bytes on Windows, eight elsewhere, in the order of the processor.
function slotNumber(slot: Handle): number {
  return slot.length === 8 ? Number(slot.readBigUInt64LE()) : slot.readUInt32LE();
}

async function loadPackage(): Promise<typeof Pkcs11js> {
  try {
    // Node finds no names in a native module.
    const { default: loaded } = (await import('pkcs11js')) as unknown as {
      readonly default: typeof Pkcs11js;
    };
    return loaded;
  } catch {
    throw new ByokError(
      'PACKAGE_MISSING',
      'material.pkcs11 needs the package pkcs11js and its native part, and at least one of them is missing: run npm install pkcs11js, and if npm does not run its install script, npm install-scripts approve pkcs11js && npm rebuild pkcs11js',
    );
  }
}
