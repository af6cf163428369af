import { optionNames, withNames } from '../../domain/input-names';
import { ByokError } from '../../errors';
import type { OaepHash, TokenDescription } from '../../material/pkcs11/messages';
import { environmentOfModule } from '../../material/pkcs11/module-environment';
import { TokenClient } from '../../material/pkcs11/token-client';
import { keyWrapMechanism, padsPrivateKeys } from '../../material/pkcs11/vendors';
import { ok, problem, warning, type Diagnosis } from './diagnosis';

/** A PKCS #11 module to examine. */
interface ModuleOptions {
  /** Path of the library. */
  readonly module: string;
  /** Names of variables that it needs. */
  readonly passEnvironment: readonly string[];
}

/** Examines a PKCS #11 module and its tokens, and reports which keys each token can wrap for KMS. Does not log in. */
export async function diagnoseTokens(
  { module, passEnvironment }: ModuleOptions,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  const client = new TokenClient({ module, env: environmentOfModule(env, passEnvironment) });
  try {
    const { manufacturer, description, version, cryptoki, tokens } = await client.ask(
      'describe',
      {},
    );
    const found = `${manufacturer} ${description} ${version}, Cryptoki ${cryptoki}`;
    return [
      tokens.length === 0
        ? warning('PKCS #11 module', `${found}, without a token`, 'connect or initialise a token')
        : ok('PKCS #11 module', found),
      ...tokens.map(diagnoseToken),
    ];
  } catch (error) {
    if (!(error instanceof ByokError)) throw error;
    const { code, reason } = withNames(error, optionNames(['passEnvironment']));
    return [problem('PKCS #11 module', `not usable [${code}]`, reason)];
  } finally {
    client.close();
  }
}

const HASHES: Readonly<Record<OaepHash, string>> = { sha256: 'SHA-256', sha1: 'SHA-1' };

function diagnoseToken(token: TokenDescription): Diagnosis {
  const { label, slot, serial, manufacturer, model, firmware, oaepHashes } = token;
  const keyWrap = keyWrapMechanism(token);
  const imports = [
    ...(oaepHashes.length === 0 ? [] : ['symmetric', 'HMAC']),
    ...(oaepHashes.length === 0 || keyWrap === undefined ? [] : ['RSA', 'EC']),
  ];
  const details = {
    slot,
    serial,
    oaepHashes: oaepHashes.map((hash) => HASHES[hash]),
    ...(keyWrap === undefined ? {} : { keyWrapMechanism: hex(keyWrap) }),
    imports,
    mechanisms: token.mechanisms.map(hex),
  };
  const name = `token "${label}"`;
  const found = [
    `slot ${slot}, serial ${serial}, ${manufacturer} ${model}, firmware ${firmware.join('.')}`,
    `RSA-OAEP ${details.oaepHashes.join(', ') || 'none'}`,
    `RFC 5649 ${keyWrap === undefined ? 'none known' : hex(keyWrap)}`,
    `imports ${imports.join(', ') || 'nothing'}`,
    `mechanisms ${details.mechanisms.join(' ')}`,
  ].join('; ');
  const remedy = remedyFor(token, keyWrap);
  return { ...(remedy === undefined ? ok(name, found) : warning(name, found, remedy)), details };
}

function remedyFor(token: TokenDescription, keyWrap: number | undefined): string | undefined {
  if (token.oaepHashes.length === 0) {
    return 'the token has no RSA-OAEP, so it cannot wrap keys for KMS: wrap them by other means, in a ceremony (kms-byok params)';
  }
  if (keyWrap === undefined) {
    return 'no mechanism of this token is known to be RFC 5649, which private keys need: ask the vendor, and name it as keyWrapMechanism';
  }
  return padsPrivateKeys({ ...token, keyWrap })
    ? 'this token appends zero bytes to private keys, so KMS accepts only those whose PKCS#8 has a length that is a multiple of eight: use SoftHSM 2.7 or later for the others'
    : undefined;
}

function hex(mechanism: number): string {
  return `0x${mechanism.toString(16).toUpperCase()}`;
}
