import { verify } from 'node:crypto';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { findOracle } from './support/oracles';
import { ENCRYPTION_REPLAYS } from './recorded/encryption';
import { IMPORT_REPLAYS } from './recorded/imports';
import { KEY_REPLAYS } from './recorded/keys';
import type { Attempt, Replays } from './recorded/replay';
import { SIGNATURE_REPLAYS } from './recorded/signatures';
import { importedPair, spki } from './support/specs';
import { worldForAll } from './support/world';

interface Recording {
  test: string;
  step: string;
  code: string;
  message: string;
  status: number;
}

/** Recordings to compare with, where they are at hand. Each call carries its own answer. */
const RECORDINGS = findOracle('aws-recorded/errors.json') as Recording[] | undefined;

/** The recorded calls, by test and step. */
const REPLAYS: Replays = {
  ...KEY_REPLAYS,
  ...IMPORT_REPLAYS,
  ...ENCRYPTION_REPLAYS,
  ...SIGNATURE_REPLAYS,
};

/** Recordings that are not reproduced, with the reason. */
const NOT_REPRODUCED: Record<string, string> = {
  'test_rotate_key_on_demand_raises_error_given_key_with_imported_key_material/error-response':
    'AWS changed the rule in June 2025: imported symmetric keys rotate on demand since then',
};

const world = worldForAll();

/** The recorded message as a pattern, with this run's own ARN and Region for the placeholders. */
function expectedMessage(message: string, { arn, region }: Attempt): RegExp {
  const text = message
    .replaceAll(/arn:<partition>:kms:[^:]*:\d{12}:key\/<key-id:1>/g, () => arn ?? message)
    // One recording does not tell an ARN from a bare id. All others with this rule have the ARN.
    .replaceAll(/<(?:mrk-)?key-arn>|<key-id:1>/g, () => arn ?? message)
    .replaceAll('<secondary-region>', () => region ?? message);
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/<key-material-id(?::\d)?>/g, '[0-9a-f]{64}')}$`);
}

// Recorded as a success: test_import_key_rsa_aes_wrap_sha256. The pair serves the recordings below,
// so it is made once.
describe('when an RSA_4096 key is imported under an AES key', () => {
  it('has our public key, and its signatures verify with it', async () => {
    const { KeyId, publicKey } = await importedPair(world, 'RSA_4096');
    const { PublicKey } = await world.client.send(new GetPublicKeyCommand({ KeyId }));
    expect(Buffer.from(PublicKey!)).toEqual(spki(publicKey));
    const Message = Buffer.from('what is signed');
    const { Signature } = await world.client.send(
      new SignCommand({ KeyId, Message, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' }),
    );
    expect(verify('sha256', Message, publicKey, Signature!)).toBe(true);
  });
});

describe('when AWS recorded an error', () => {
  it.each(Object.entries(REPLAYS))('answers %s in the same words', async (name, replay) => {
    const { code, message, status } = replay.answer;
    if (RECORDINGS !== undefined) {
      expect(RECORDINGS.find(({ test, step }) => test + step === name)).toMatchObject({
        code,
        message,
        status,
      });
    }
    const attempt = await replay.prepare(world);
    const error = await attempt.call().then(
      () => undefined,
      (reason: unknown) => reason as Error & { $metadata: { httpStatusCode: number } },
    );
    expect(error).toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    // The SDK says UnknownError where AWS sent no message.
    if (message === '') expect(error!.message).toBe('UnknownError');
    else expect(error!.message).toMatch(expectedMessage(message, attempt));
  });

  it.each(Object.entries(NOT_REPRODUCED))('does not reproduce %s: %s', (name) => {
    expect(REPLAYS).not.toHaveProperty([name]);
  });

  it('every recording is reproduced or named with a reason', () => {
    const known = [...Object.keys(REPLAYS), ...Object.keys(NOT_REPRODUCED)].sort();
    expect(known).toHaveLength(94);
    if (RECORDINGS === undefined) return;
    expect(known).toEqual(RECORDINGS.map(({ test, step }) => test + step).sort());
  });
});
