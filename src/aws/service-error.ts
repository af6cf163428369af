import { requestIdText, serviceName, serviceText, shown } from '../domain/service-text';
import { ByokError, type ByokErrorCode } from '../errors';
import { routeText, UnreachedError } from './unreached-error';
import { unsupportedAnswer } from './unsupported';

const CODES: Readonly<Record<string, ByokErrorCode>> = {
  NotFoundException: 'KEY_NOT_FOUND',
  AccessDeniedException: 'KMS_ACCESS_DENIED',
  ThrottlingException: 'KMS_THROTTLED',
  IncorrectKeyMaterialException: 'MATERIAL_REFUSED',
  ExpiredImportTokenException: 'IMPORT_PARAMETERS_REFUSED',
  InvalidImportTokenException: 'IMPORT_PARAMETERS_REFUSED',
  InvalidCiphertextException: 'IMPORT_PARAMETERS_REFUSED',
  CredentialsProviderError: 'KMS_CREDENTIALS',
  UnrecognizedClientException: 'KMS_CREDENTIALS',
  // Of STS, which the SDK calls for the role of a profile. KMS denies by AccessDeniedException.
  AccessDenied: 'KMS_CREDENTIALS',
  InvalidClientTokenId: 'KMS_CREDENTIALS',
  ExpiredTokenException: 'KMS_CREDENTIALS',
  InvalidSignatureException: 'KMS_CREDENTIALS',
  MissingAuthenticationTokenException: 'KMS_CREDENTIALS',
  AbortError: 'TIMEOUT',
  TimeoutError: 'KMS_UNREACHABLE',
};

/** The codes of STS, if they differ from those of KMS. */
const STS_CODES: typeof CODES = {
  AccessDeniedException: 'KMS_CREDENTIALS',
  Throttling: 'KMS_THROTTLED',
};

/** The codes of the services that keep secrets, if they differ from those of KMS. */
const SOURCE_CODES: typeof CODES = {
  AccessDeniedException: 'MATERIAL_SOURCE_DENIED',
  ResourceNotFoundException: 'MATERIAL_SOURCE_ABSENT',
  ParameterNotFound: 'MATERIAL_SOURCE_ABSENT',
  ParameterVersionNotFound: 'MATERIAL_SOURCE_ABSENT',
};

const REMEDIES: Readonly<Partial<Record<ByokErrorCode, string>>> = {
  KEY_NOT_FOUND: 'check keyId, the Region and the account',
  KMS_ACCESS_DENIED: 'allow the call in the key policy or in an IAM policy',
  KMS_THROTTLED: 'run the update again later, or ask AWS for a higher quota',
  KMS_CREDENTIALS: 'check the profile, the environment and the role that the connection names',
  KMS_REGION:
    'set connection.region, aws:region, AWS_REGION or AWS_DEFAULT_REGION, or give keyId as an ARN',
  KMS_UNREACHABLE:
    'check the network, the endpoint and the proxy (HTTPS_PROXY, NO_PROXY), and run it again: it finds what was already done',
  MATERIAL_REFUSED:
    'the key has other material, or these bytes do not fit its key spec (a private key must be PKCS#8 in DER); to add material to a symmetric key, declare another resource with importType NEW_KEY_MATERIAL',
  IMPORT_PARAMETERS_REFUSED:
    'the wrapping key and the import token must come from one answer of GetParametersForImport for this key, and are valid for 24 hours: fetch new ones, and check that nothing between this machine and KMS changes requests',
  MATERIAL_SOURCE_DENIED:
    'allow the call, and kms:Decrypt with the key of the secret, in an IAM policy',
  MATERIAL_SOURCE_ABSENT: 'check the name, the version, the Region and the account',
  TIMEOUT: 'raise timeouts, or run the update again: it continues where it stopped',
};

/** Remedies of an error of AWS that has a more likely cause than the others of its code. */
const REMEDIES_BY_NAME: Readonly<Record<string, string>> = {
  InvalidCiphertextException:
    'if the ciphertext was made elsewhere, most likely its OAEP hash or its MGF1 hash is not that of the wrapping algorithm, which is the same for both: OpenSSL uses SHA-1 for both unless the command has rsa_oaep_md and rsa_mgf1_md, and Java uses SHA-1 for MGF1 unless it gets an OAEPParameterSpec; otherwise the wrapping key and the import token are not from one answer of GetParametersForImport, or something between this machine and KMS changes requests',
};

/**
 * Turns an error of the AWS SDK into a {@link ByokError} that keeps the name and the message of AWS, and the
 * request ID. The code depends only on the name, because KMS answers nearly every error with status 400.
 */
export function translate(error: unknown, operation: string, profile?: string): ByokError {
  if (error instanceof ByokError) return error;
  const unsupported = unsupportedAnswer(error, operation);
  if (unsupported !== undefined) return unsupported;
  const thrown = error as Partial<AwsError>;
  const code = codeOf(thrown, CODES) ?? 'KMS_ERROR';
  const fromService = thrown.$metadata?.httpStatusCode !== undefined;
  return translated(thrown, operation, code, { fromService, profile, cause: error });
}

/**
 * Turns an error of STS, which a client calls by itself to assume a role, into a {@link ByokError} that names
 * STS. Otherwise it would be taken for an answer of KMS to the call that needs the role.
 */
export function translateAssumeRole(error: unknown): ByokError {
  if (error instanceof ByokError) return error;
  const thrown = error as Partial<AwsError>;
  const code = codeOf(thrown, { ...CODES, ...STS_CODES }) ?? 'KMS_CREDENTIALS';
  // As above: other errors can quote the output of an external process.
  const fromService = thrown.$fault !== undefined;
  return translated(thrown, 'STS AssumeRole', code, { fromService, cause: error });
}

/**
 * Turns an error of a service that keeps secrets into a {@link ByokError}. If the SDK could not read an
 * answer, its error quotes the answer, which may be the secret. Such an error does not become the cause.
 */
export function translateSource(error: unknown, operation: string): ByokError {
  if (error instanceof ByokError) return error;
  const thrown = error as Partial<AwsError>;
  const code = codeOf(thrown, { ...CODES, ...SOURCE_CODES }) ?? 'MATERIAL_SOURCE_ERROR';
  const fromService = thrown.$fault !== undefined;
  return translated(thrown, operation, code, fromService ? { fromService, cause: error } : {});
}

function translated(
  thrown: Partial<AwsError>,
  operation: string,
  code: ByokErrorCode,
  {
    fromService = false,
    profile,
    ...options
  }: {
    readonly fromService?: boolean;
    readonly profile?: string | undefined;
    readonly cause?: unknown;
  },
): ByokError {
  const { name, message, $metadata, code: system } = thrown;
  const requestId = requestIdText($metadata?.requestId);
  const what = [
    `${operation} failed: ${causeOf(thrown, code)}`,
    ...((fromService && message !== 'UnknownError') || isOfTheSdk(message ?? '')
      ? [`: ${serviceText(message ?? '')}`]
      : []),
    ...(requestId === undefined ? [] : [` (request ${requestId})`]),
    ...(code === 'KMS_CREDENTIALS' && profile !== undefined && profile !== ''
      ? [` (profile ${shown(profile)})`]
      : []),
    ...(thrown instanceof UnreachedError ? [` at ${routeText(thrown.route)}`] : []),
  ].join('');
  const remedy = isCertificateError(system)
    ? CERTIFICATE_REMEDY
    : (REMEDIES_BY_NAME[name ?? ''] ?? REMEDIES[code]);
  return new ByokError(code, remedy === undefined ? what : `${what}; ${remedy}`, options);
}

// The SDK reports a missing or wrong Region as an error without a name of its own.
function causeOf({ name, message, code: system }: Partial<AwsError>, code: ByokErrorCode): string {
  if (code === 'KMS_REGION') {
    return isRefusedRegion(message)
      ? 'the AWS Region is not a name such as eu-central-1'
      : 'no AWS Region is known';
  }
  return serviceName(system) ?? serviceName(name) ?? 'unknown error';
}

// The rest of the sentence repeats the value, which may be anything.
function isRefusedRegion(message: string | undefined): boolean {
  return message?.startsWith('Region not accepted: ') === true;
}

// The sentences of the credential providers of the SDK that are its own. All others may quote the command of a
// profile or its output.
const SDK_SENTENCES = [
  /^Could not load credentials from any providers/,
  /^Could not resolve credentials using profile: \[/,
  /^Profile \S+ (?:could not be found|was not found|requires multi-factor|is not configured with SSO|did not contain)/,
  /^Profile \S+ credential_process (?:returned|did not return) /,
  /^Profile is configured with invalid SSO credentials/,
  /^The SSO session (?:token )?associated with (?:this profile|profile=\S+) /,
  /^Token is expired\. To refresh this SSO session/,
  /^Failed to load a token for session \S+, please re-authenticate/,
  /^Unsupported credential source in profile /,
  /^Detected a cycle attempting to resolve credentials/,
  /^EC2 Instance Metadata Service access disabled/,
  /^The container metadata credential provider cannot be used/,
];

function isOfTheSdk(message: string): boolean {
  return SDK_SENTENCES.some((sentence) => sentence.test(message));
}

const CERTIFICATE_REMEDY =
  'a proxy on the way or the endpoint has a certificate of an authority that Node.js does not know: set NODE_EXTRA_CA_CERTS to the file of that authority';

// The names of OpenSSL for a chain that does not end in a known authority (node:tls, X509 certificate error codes).
function isCertificateError(system: string | undefined): boolean {
  return /^(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE))$/.test(
    system ?? '',
  );
}

interface AwsError extends Error {
  readonly $metadata: { readonly requestId?: string; readonly httpStatusCode?: number };
  /** Present only on an answer of a service. */
  readonly $fault: 'client' | 'server';
  readonly code: string;
}

function codeOf(
  { name = '', message, $metadata }: Partial<AwsError>,
  codes: typeof CODES,
): ByokErrorCode | undefined {
  if (message === 'Region is missing' || isRefusedRegion(message)) return 'KMS_REGION';
  // No HTTP status: no attempt had an answer.
  const unanswered = $metadata !== undefined && $metadata.httpStatusCode === undefined;
  return codes[name] ?? (unanswered ? 'KMS_UNREACHABLE' : undefined);
}
