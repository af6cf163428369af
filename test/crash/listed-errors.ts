/** An error that KMS may return from an operation, before it has any effect. */
export interface ListedError {
  readonly type: string;
  /** Such as clients that branch on it see it. AWS was recorded with 400 for every fault of a client. */
  readonly status: number;
}

const error = (type: string, status = 400): ListedError => ({ type, status });

const ACCESS_DENIED = error('AccessDeniedException');
const CONFLICT = error('ConflictException');
const DEPENDENCY_TIMEOUT = error('DependencyTimeoutException', 503);
const DISABLED = error('DisabledException');
const INTERNAL = error('KMSInternalException', 500);
const INVALID_ARN = error('InvalidArnException');
const INVALID_STATE = error('KMSInvalidStateException');
const LIMIT_EXCEEDED = error('LimitExceededException');
const NOT_FOUND = error('NotFoundException');
const UNSUPPORTED = error('UnsupportedOperationException');
const VALIDATION = error('ValidationException');

/**
 * The errors that AWS lists for each operation (AWS KMS API Reference, section Errors of each page;
 * AccessDeniedException and ValidationException from Common Errors). ThrottlingException is a fault of
 * its own in the matrix.
 */
export const LISTED_ERRORS: Readonly<Record<string, readonly ListedError[]>> = {
  // API_DescribeKey
  DescribeKey: [ACCESS_DENIED, DEPENDENCY_TIMEOUT, INVALID_ARN, INTERNAL, NOT_FOUND],
  // API_ListKeyRotations
  ListKeyRotations: [
    ACCESS_DENIED,
    INVALID_ARN,
    error('InvalidMarkerException'),
    INTERNAL,
    INVALID_STATE,
    NOT_FOUND,
    UNSUPPORTED,
    VALIDATION,
  ],
  // API_GetParametersForImport
  GetParametersForImport: [
    ACCESS_DENIED,
    DEPENDENCY_TIMEOUT,
    INVALID_ARN,
    INTERNAL,
    INVALID_STATE,
    NOT_FOUND,
    UNSUPPORTED,
  ],
  // API_ImportKeyMaterial
  ImportKeyMaterial: [
    ACCESS_DENIED,
    DEPENDENCY_TIMEOUT,
    error('ExpiredImportTokenException'),
    error('IncorrectKeyMaterialException'),
    INVALID_ARN,
    error('InvalidCiphertextException'),
    error('InvalidImportTokenException'),
    INTERNAL,
    INVALID_STATE,
    NOT_FOUND,
    UNSUPPORTED,
    VALIDATION,
  ],
  // API_DeleteImportedKeyMaterial
  DeleteImportedKeyMaterial: [
    ACCESS_DENIED,
    DEPENDENCY_TIMEOUT,
    INVALID_ARN,
    INTERNAL,
    INVALID_STATE,
    NOT_FOUND,
    UNSUPPORTED,
  ],
  // API_GetKeyLastUsage
  GetKeyLastUsage: [ACCESS_DENIED, DEPENDENCY_TIMEOUT, INVALID_ARN, INTERNAL, NOT_FOUND],
  // API_DisableKey
  DisableKey: [ACCESS_DENIED, DEPENDENCY_TIMEOUT, INVALID_ARN, INTERNAL, INVALID_STATE, NOT_FOUND],
  // API_GetKeyRotationStatus
  GetKeyRotationStatus: [
    ACCESS_DENIED,
    DEPENDENCY_TIMEOUT,
    INVALID_ARN,
    INTERNAL,
    INVALID_STATE,
    NOT_FOUND,
    UNSUPPORTED,
  ],
  // API_RotateKeyOnDemand
  RotateKeyOnDemand: [
    ACCESS_DENIED,
    CONFLICT,
    DEPENDENCY_TIMEOUT,
    DISABLED,
    INVALID_ARN,
    INTERNAL,
    INVALID_STATE,
    LIMIT_EXCEEDED,
    NOT_FOUND,
    UNSUPPORTED,
  ],
};
