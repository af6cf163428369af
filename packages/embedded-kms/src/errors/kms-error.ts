/**
 * An error as AWS answers it. KMS answers every client fault with HTTP 400, which differs from its model,
 * and some errors have no message (both recorded).
 */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  /** AWS's error code, the `__type` of the answer. */
  readonly type: string;
  /** The message of the answer; undefined when AWS sends none. */
  readonly text: string | undefined;
  readonly status: number;

  constructor(type: string, text?: string, status = 400) {
    super(text ?? type);
    this.type = type;
    this.text = text;
    this.status = status;
  }
}

// The comments say how certain each text is: "recorded" was seen from AWS, "documented" is in AWS's
// prose, "third party" is quoted by others, "inferred" is ours. The other files of errors use the same
// words, and the reference shows them.

/** Recorded 2025-11-10. The documentation has a longer text. */
export function pendingImport(arn: string): KmsError {
  return new KmsError('KMSInvalidStateException', `${arn} is pending import.`);
}

/** Recorded through S3; documented in the key-state table, note 3. */
export function pendingDeletion(arn: string): KmsError {
  return new KmsError('KMSInvalidStateException', `${arn} is pending deletion.`);
}

/** Documented: key-state table, note 3. */
export function pendingReplicaDeletion(arn: string): KmsError {
  return new KmsError('KMSInvalidStateException', `${arn} is pending replica deletion.`);
}

/** Documented: key-state table, note 4. */
export function notPendingDeletion(arn: string): KmsError {
  return new KmsError('KMSInvalidStateException', `${arn} is not pending deletion.`);
}

/** Documented: key-state table, note 14. */
export function creating(arn: string): KmsError {
  return new KmsError('KMSInvalidStateException', `${arn} is creating.`);
}

/** Documented: key-state table, note 15. */
export function updating(arn: string): KmsError {
  return new KmsError('KMSInvalidStateException', `${arn} is updating.`);
}

/** Recorded 2025-03-08. */
export function disabled(arn: string): KmsError {
  return new KmsError('DisabledException', `${arn} is disabled.`);
}

/** Recorded 2023-10-25 and 2025-11-10. */
export function invalidOrigin(arn: string, origin: string): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${arn} origin is ${origin} which is not valid for this operation.`,
  );
}

/** Recorded 2025-09-08; for an ARN of another partition inferred. */
export function keyNotFound(arn: string): KmsError {
  return new KmsError('NotFoundException', `Key '${arn}' does not exist`);
}

/** Recorded 2023-11-07. That an alias gets it where aliases are not accepted is inferred. */
export function invalidKeyId(keyId: string): KmsError {
  return new KmsError('NotFoundException', `Invalid keyId '${keyId}'`);
}

/** Recorded 2025-11-10: the text has the Region of the ARN, not of the caller. */
export function arnOfAnotherRegion(arnRegion: string): KmsError {
  return new KmsError('NotFoundException', `Invalid arn ${arnRegion}`);
}

/** The name is documented, the text is inferred. */
export function invalidArn(): KmsError {
  return new KmsError('InvalidArnException', 'The KeyId is not the ARN of a KMS key or alias.');
}

/** Inferred: no policy lets callers reach the keys of other accounts here. */
export function otherAccount(operation: string, arn: string): KmsError {
  return new KmsError(
    'AccessDeniedException',
    `The caller is not authorized to perform: kms:${operation} on resource: ${arn}`,
  );
}

/** The name is documented, for ListKeyPolicies inferred; the text is inferred. */
export function invalidMarker(): KmsError {
  return new KmsError('InvalidMarkerException', 'The marker is not valid.');
}

/** A rule of one request that AWS states in its own words. */
export function validation(text: string): KmsError {
  return new KmsError('ValidationException', text);
}

/** Recorded 2025-11-10. */
export function validToMissing(): KmsError {
  return validation('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES');
}

/** Third party. */
export function validToNotAllowed(): KmsError {
  return validation(
    'The parameter ValidTo cannot be specified for a key with an expiration model of KEY_MATERIAL_DOES_NOT_EXPIRE',
  );
}

/** Third party. */
export function validToInPast(): KmsError {
  return validation('ValidTo must be in the future');
}

/** The limit is documented, the text is inferred. */
export function validToTooFar(): KmsError {
  return validation('ValidTo must be within 365 days from now');
}

/** The rule is documented, the text is inferred. */
export function materialIdWithNewMaterial(): KmsError {
  return validation('KeyMaterialId cannot be specified if the ImportType is NEW_KEY_MATERIAL');
}

/** Third party, as AWS's behaviour: the ciphertext is not as long as the wrapping key's modulus. */
export function invalidEncryptedKeySize(): KmsError {
  return validation('Invalid encrypted key size.');
}

/** The name is documented. On Decrypt there is no text (recorded); on import none was recorded. */
export function invalidCiphertext(): KmsError {
  return new KmsError('InvalidCiphertextException');
}

/** The sentence of the API reference; no recording. */
export function incorrectKeyMaterial(): KmsError {
  return new KmsError(
    'IncorrectKeyMaterialException',
    'The key material in the request is, expired, invalid, or does not meet expectations.',
  );
}

/** The sentence of the API reference; no recording. */
export function invalidImportToken(): KmsError {
  return new KmsError(
    'InvalidImportTokenException',
    'The provided import token is invalid or is associated with a different KMS key.',
  );
}

/** The sentence of the API reference; no recording. */
export function expiredImportToken(): KmsError {
  return new KmsError('ExpiredImportTokenException', 'The specified import token is expired.');
}

/** Recorded 2025-11-10. */
export function anotherMaterialPending(arn: string, newId: string, pendingId: string): KmsError {
  return new KmsError(
    'KMSInvalidStateException',
    `New key material (id: ${newId}) cannot be imported into KMS key ${arn}, because another key material (id: ${pendingId}) is pending rotation.`,
  );
}

/** Inferred: the documentation names NotFoundException without a case. */
export function materialNotFound(arn: string, materialId: string): KmsError {
  return new KmsError(
    'NotFoundException',
    `Key material (id: ${materialId}) is not associated with KMS key ${arn}.`,
  );
}

/** Inferred: only the matrix (Developer Guide, importing-keys-get-public-key-and-token) and
 * "parameter is not supported" are documented. */
export function wrappingNotSupported(
  algorithm: string,
  wrappingKeySpec: string,
  keySpec: string,
): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `WrappingAlgorithm ${algorithm} with WrappingKeySpec ${wrappingKeySpec} is not supported for KeySpec ${keySpec}.`,
  );
}

/** Recorded 2025-11-19. */
export function nothingPendingRotation(arn: string): KmsError {
  return new KmsError(
    'KMSInvalidStateException',
    `No available key material pending rotation for the key: ${arn}.`,
  );
}

/** Recorded 2025-04-03. */
export function rotationLimit(arn: string): KmsError {
  return new KmsError(
    'LimitExceededException',
    `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
  );
}

/** The name is documented for a rotation in progress, the text is inferred. */
export function rotationInProgress(arn: string): KmsError {
  return new KmsError('ConflictException', `A key rotation is in progress for the key: ${arn}.`);
}

/** The name is documented for a rotation that begins within 20 minutes, the text is inferred. */
export function rotationScheduled(arn: string): KmsError {
  return new KmsError(
    'ConflictException',
    `An automatic rotation is scheduled to begin within the next 20 minutes for the key: ${arn}.`,
  );
}

/** Recorded 2025-09-08 for ReplicateKey on a replica in any state; for other keys and operations inferred. */
export function notPrimary(arn: string): KmsError {
  return new KmsError('UnsupportedOperationException', `${arn} is not a multi-region primary key.`);
}

/** The name is documented, the text is inferred. */
export function replicaExists(arn: string): KmsError {
  return new KmsError('AlreadyExistsException', `Key '${arn}' already exists`);
}

/** Documented: replicas stay within the partition of their primary. The text is inferred. */
export function otherPartition(region: string): KmsError {
  return validation(`Region ${region} is not in the same partition as the primary key.`);
}

/** Documented: the Region must exist. The name and the text are inferred. */
export function unknownRegion(region: string): KmsError {
  return validation(`Region ${region} does not exist.`);
}

/** The rule is documented (the primary Region must have a replica already), the text is inferred. */
export function noReplicaIn(region: string): KmsError {
  return new KmsError('NotFoundException', `There is no replica key in Region ${region}`);
}

/** Recorded 2023-04-13 and 2025-06-09. */
export function incorrectKey(): KmsError {
  return new KmsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}

/** Recorded; the model's status 412 is not what AWS sends. */
export function dryRun(): KmsError {
  return new KmsError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  );
}

/** Recorded 2025-01-17. */
export function duplicateTagKeys(): KmsError {
  return new KmsError('TagException', 'Duplicate tag keys');
}

/** Recorded 2025-01-21, on CreateKey. */
export function tooManyTags(): KmsError {
  return new KmsError('TagException', 'Too many tags');
}

/** Recorded 2025-01-21, for `aws:` and `AWS:`. */
export function reservedTagKey(): KmsError {
  return new KmsError('TagException', 'Tags beginning with aws: are reserved');
}

/** Third party. */
export function dataKeyLengthMissing(): KmsError {
  return validation('Please specify either number of bytes or key spec.');
}

/** Documented: Developer Guide, throttling. */
export function throttled(): KmsError {
  return new KmsError(
    'ThrottlingException',
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  );
}

/** Ours: names a feature of AWS that this server does not have. */
export function notServed(what: string): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${what} is not served by the embedded KMS.`,
  );
}

/** Ours: names a feature of AWS whose cryptography the running Node.js does not have, and the first that has it. */
export function nodeTooOld(what: string, version: string): KmsError {
  const { node, openssl } = process.versions;
  return new KmsError(
    'UnsupportedOperationException',
    `${what} needs Node.js ${version} or later with OpenSSL 3.5 or later. The embedded KMS runs on Node.js ${node} with OpenSSL ${openssl}.`,
  );
}

/** AWS's name for an operation that it does not know; the text is ours and names the operation. */
export function unknownOperation(operation: string): KmsError {
  return new KmsError(
    'UnknownOperationException',
    `Operation ${operation} is not served by the embedded KMS.`,
  );
}

/** AWS's name for a body that cannot be read; the text is ours. */
export function serialization(text: string): KmsError {
  return new KmsError('SerializationException', text);
}

/** Ours: AWS rejects larger requests before they reach KMS. */
export function requestTooLarge(): KmsError {
  return new KmsError('RequestEntityTooLarge', 'The request body is larger than 1 MiB.', 413);
}

/** Ours: the Host header has a name that this server was not started with. */
export function hostNotAllowed(name = 'NAME'): KmsError {
  return new KmsError(
    'HostNotAllowed',
    `The embedded KMS does not answer requests to this host. To allow it, start the server with --allow-host ${name}, or startKms with allowHosts: ['${name}'].`,
    403,
  );
}

/** Ours, for a defect of this server. The message of the cause could quote a request, so it is omitted. */
export function internalFailure(operation: string, cause: unknown): KmsError {
  const kind = cause instanceof Error ? cause.name : typeof cause;
  return new KmsError('KMSInternalException', `${operation} failed with a ${kind}.`, 500);
}
