import { KmsError } from './kms-error';

// AWS answers these before KMS sees a request.

/** The request is not signed. The name is documented, the text is third party. */
export function missingAuthenticationToken(): KmsError {
  return new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

/**
 * The Authorization header is not one of Signature Version 4, or has no date.
 * The name is documented, the text is third party.
 */
export function incompleteSignature(): KmsError {
  return new KmsError(
    'IncompleteSignatureException',
    'The request signature does not conform to AWS standards.',
  );
}

/** No such access key. The name is documented, the text is third party. */
export function unrecognizedClient(): KmsError {
  return new KmsError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
}

/**
 * The signature was made with another secret, or over another request.
 * The name is documented, the text is third party.
 */
export function signatureMismatch(): KmsError {
  return new KmsError(
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}
