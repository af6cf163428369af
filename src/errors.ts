/**
 * Every code of a {@link ByokError}. `docs/reference/errors.md` has a heading for each, with the remedy.
 */
export const BYOK_ERROR_CODES = [
  // inputs of a resource
  'INPUT_INVALID',
  'UNKNOWN_INPUT',
  'KEY_SPEC_UNSUPPORTED',
  'REGION_MISMATCH',
  'ENDPOINT_INSECURE',
  'TRANSPORT_NOT_POST_QUANTUM',
  'IMPORT_OPTION',
  'VALID_TO_PAST',
  'VALIDITY_TOO_LONG',
  'CLOCK_DIFFERS',
  'EXPIRY_CONFLICT',
  'WRAPPING_UNSUPPORTED',
  'AWS_CONFIG_INVALID',
  'ACCOUNT_NOT_ALLOWED',
  // inputs of a whole key
  'KEY_ARGS',
  'MATERIALS_NOT_APPENDED',
  'MATERIAL_REPEATED',
  'MULTI_REGION_FIXED',
  'KEY_ACCESS',
  'PACKAGE_MISSING',
  'PACKAGE_VERSION',
  // material and its sources
  'MATERIAL_MISSING',
  'MATERIAL_SOURCE',
  'MATERIAL_ENCODING',
  'MATERIAL_LENGTH',
  'MATERIAL_KEY_FORMAT',
  'MATERIAL_KEY_TYPE',
  'MATERIAL_PASSPHRASE',
  'MATERIAL_FILE',
  'MATERIAL_ENV_UNSET',
  'MATERIAL_COMMAND',
  'MATERIAL_SOURCE_DENIED',
  'MATERIAL_SOURCE_ABSENT',
  'MATERIAL_SOURCE_ERROR',
  'PKCS11_MODULE',
  'PKCS11_TOKEN',
  'PKCS11_PIN',
  'PKCS11_KEY',
  'PKCS11_NOT_WRAPPABLE',
  'PKCS11_IDENTITY',
  'PKCS11_ERROR',
  'BUNDLE_FORMAT',
  'BUNDLE_TAMPERED',
  'BUNDLE_MISMATCH',
  'BUNDLE_KEY',
  'BUNDLE_EXPIRED',
  'WRAPPED_LENGTH',
  'WRAPPED_ID',
  'CHECK_VALUE_UNAVAILABLE',
  'MATERIAL_CHANGED',
  'MATERIAL_DIFFERS',
  'MATERIAL_REFUSED',
  'MATERIAL_PENDING',
  'IMPORT_TYPE_REFUSED',
  'SYMMETRIC_ONLY',
  // rotation
  'ROTATION_MATERIAL',
  'ROTATION_BACKWARDS',
  'ROTATION_LIMIT',
  'ROTATION_ON_REPLICA',
  'ROTATION_REGIONS',
  // the key
  'KEY_NOT_FOUND',
  'KEY_MISMATCH',
  'KEY_LOST',
  'KEY_ORIGIN',
  'KEY_SPEC_MISMATCH',
  'KEY_PENDING_DELETION',
  'KEY_DISABLED',
  'KEY_INCOMPLETE',
  'KEY_LEFT_ENABLED',
  'KEY_NOT_READY',
  // calls
  'DELETION_PROTECTED',
  'MATERIAL_IN_USE',
  'USAGE_UNKNOWN',
  'MATERIAL_OWNER',
  'RUN_RECORD',
  'TIMEOUT',
  'CANCELLED',
  'KMS_ACCESS_DENIED',
  'KMS_CREDENTIALS',
  'KMS_REGION',
  'KMS_THROTTLED',
  'IMPORT_PARAMETERS_REFUSED',
  'KMS_UNREACHABLE',
  'KMS_UNSUPPORTED',
  'KMS_WRAPPING_KEY',
  'KMS_ERROR',
  'STATE_TOO_NEW',
  'STATE_INVALID',
  // policy rules
  'POLICY_CONFIG',
  // the command line
  'FILE_EXISTS',
  'FILE_ACCESS',
  'STACK_EXPORT',
  'MATERIAL_NOT_IN_KEY',
  'MATERIAL_AMBIGUOUS',
  'INTERNAL',
] as const;

/**
 * Identifies one kind of failure. Codes are stable across versions, so programs can branch on them.
 * docs/reference/errors.md lists them, with the remedies.
 */
export type ByokErrorCode = (typeof BYOK_ERROR_CODES)[number];

/**
 * The only error that this package throws on purpose. The message names the input, the expected value and the
 * remedy, and ends in the code in brackets, because the Pulumi engine shows only the message. It never contains
 * key material, an import token or a ciphertext.
 *
 * `cause` is present if another error led to this one. The engine never prints it.
 *
 * @example
 * ```ts
 * import { ByokError } from 'pulumi-kms-byok';
 *
 * export function isThrottled(error: unknown): boolean {
 *   return error instanceof ByokError && error.code === 'KMS_THROTTLED';
 * }
 * ```
 */
export class ByokError extends Error {
  override readonly name = 'ByokError';

  /** The kind of failure. */
  readonly code: ByokErrorCode;

  /** The message without the code. */
  readonly reason: string;

  constructor(code: ByokErrorCode, reason: string, options?: { readonly cause?: unknown }) {
    super(`${reason} [${code}]`, options);
    this.code = code;
    this.reason = reason;
  }
}

/**
 * Throws unless a condition holds.
 *
 * @throws {@link ByokError} with `code`
 */
export function assert(condition: boolean, code: ByokErrorCode, reason: string): asserts condition {
  if (!condition) throw new ByokError(code, reason);
}

/** Returns the error that aborted a signal, such as `CANCELLED`; undefined if that was a time limit. */
export function cancellationOf(signal: AbortSignal | undefined): ByokError | undefined {
  const reason: unknown = signal?.reason;
  return reason instanceof ByokError ? reason : undefined;
}

/**
 * Turns an unexpected error into a {@link ByokError} that is safe to print. The message of another error may
 * quote secret input, so this keeps only its class and the place where it was thrown, and sets no `cause`.
 */
export function asByokError(error: unknown): ByokError {
  if (error instanceof ByokError) return error;
  const name = error instanceof Error ? error.constructor.name : typeof error;
  const place =
    error instanceof Error ? /^\s+at .*$/m.exec(error.stack ?? '')?.[0].trim() : undefined;
  return new ByokError(
    'INTERNAL',
    `an unexpected ${name} was thrown${place === undefined ? '' : ` ${place}`}; this is a defect of pulumi-kms-byok: please report it`,
  );
}
