import { translate } from '../../src/aws/service-error';

/** An error of a library, which no service has answered. */
const failed = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name });

// The messages of the credential providers of @aws-sdk and @smithy, without the values of a profile.
const OWN_SENTENCES = [
  'Could not load credentials from any providers',
  'Could not resolve credentials using profile: [ci] in configuration/credentials file(s).',
  'Profile ci could not be found in shared credentials file.',
  'Profile ci was not found',
  'Profile ci requires multi-factor authentication, but no MFA code callback was provided.',
  'Profile ci is not configured with SSO credentials.',
  'Profile ci did not contain credential_process.',
  'Profile ci credential_process returned invalid JSON.',
  'Profile ci credential_process did not return Version 1.',
  'Profile is configured with invalid SSO credentials. Required parameters "sso_account_id"',
  'The SSO session associated with this profile has expired.',
  'The SSO session token associated with profile=ci was not found or is invalid.',
  "Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
  'Failed to load a token for session ci, please re-authenticate using aws sso login',
  'Unsupported credential source in profile ci. Expected Ec2InstanceMetadata',
  'Detected a cycle attempting to resolve credentials for profile ci.',
  'EC2 Instance Metadata Service access disabled',
  'The container metadata credential provider cannot be used unless a variable is set',
];

describe('when a call fails before a service has answered', () => {
  it.each(OWN_SENTENCES)('a sentence of the SDK is shown: %s', (sentence) => {
    const { message } = translate(failed('CredentialsProviderError', sentence), 'DescribeKey');
    expect(message).toContain(sentence);
  });

  it('another message is not, because it may quote a command or its output', () => {
    const error = failed('CredentialsProviderError', 'sh -c "vault read hunter2" failed');
    expect(translate(error, 'DescribeKey').message).not.toMatch(/hunter2|vault/);
  });

  it.each([
    ['AbortError', 'TIMEOUT', 'timeouts'],
    ['TimeoutError', 'KMS_UNREACHABLE', 'HTTPS_PROXY'],
  ])('%s is %s, and the message names what to change', (name, code, remedy) => {
    const translated = translate(failed(name, 'ended'), 'DescribeKey');
    expect(translated.code).toBe(code);
    expect(translated.message).toContain(remedy);
  });
});
