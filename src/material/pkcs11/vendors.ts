import { CKM } from './cryptoki';
import type { TokenDescription } from './messages';

/** How the tokens of one vendor differ from the standard, where it matters for wrapping. */
interface Vendor {
  /** Recognises the manufacturer of a token. */
  readonly manufacturer: RegExp;
  /** The mechanism that wraps by RFC 5649, if it is not CKM_AES_KEY_WRAP_KWP. */
  readonly keyWrap: number;
  /** Whether tokens of this firmware put zero bytes behind a private key before they wrap it. */
  readonly padsPrivateKeys?: (firmware: readonly [number, number]) => boolean;
}

/**
 * The vendors whose tokens have another number for RFC 5649. CKM_AES_KEY_WRAP_PAD (0x210A) is PKCS #7 padding on some
 * tokens and RFC 5649 on others, so it is used only where the vendor says RFC 5649 (PKCS #11 3.1 section 6.13.3).
 */
const VENDORS: readonly Vendor[] = [
  {
    // Issue 726 of softhsm/SoftHSMv2: RFC 5649 under the number 0x210A. SoftHSM::WrapKeySym of version 2.6.1 pads every
    // key to a multiple of eight bytes, and that of version 2.7.0 only for CKM_AES_KEY_WRAP.
    manufacturer: /^SoftHSM/,
    keyWrap: CKM.aesKeyWrapPad,
    padsPrivateKeys: ([major, minor]) => major < 2 || (major === 2 && minor < 7),
  },
  {
    // Luna SDK, "CKM_AES_KWP": CKM_VENDOR_DEFINED + 0x171.
    manufacturer: /^(?:Safenet|Gemalto|Thales)/i,
    keyWrap: 0x8000_0171,
  },
  {
    // AWS CloudHSM User Guide, "AES key wrapping": CKM_CLOUDHSM_AES_KEY_WRAP_ZERO_PAD is RFC 5649.
    manufacturer: /^(?:Cavium|Marvell|AWS|Amazon)/i,
    keyWrap: 0x8000_216f,
  },
];

/**
 * Returns the mechanism by which a token wraps by RFC 5649: that of the standard, otherwise that of its vendor.
 *
 * @returns undefined if it has none that is known to be RFC 5649
 */
export function keyWrapMechanism({
  manufacturer,
  mechanisms,
}: Pick<TokenDescription, 'manufacturer' | 'mechanisms'>): number | undefined {
  if (mechanisms.includes(CKM.aesKeyWrapKwp)) return CKM.aesKeyWrapKwp;
  const keyWrap = vendorOf(manufacturer)?.keyWrap;
  return keyWrap !== undefined && mechanisms.includes(keyWrap) ? keyWrap : undefined;
}

/** Returns whether a token appends zero bytes to a private key before it wraps the key by a mechanism. */
export function padsPrivateKeys({
  manufacturer,
  firmware,
  keyWrap,
}: Pick<TokenDescription, 'manufacturer' | 'firmware'> & {
  readonly keyWrap: number | undefined;
}): boolean {
  const vendor = vendorOf(manufacturer);
  return vendor?.keyWrap === keyWrap && (vendor?.padsPrivateKeys?.(firmware) ?? false);
}

function vendorOf(manufacturer: string): Vendor | undefined {
  return VENDORS.find((vendor) => vendor.manufacturer.test(manufacturer));
}
