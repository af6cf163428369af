import { getCiphers } from 'node:crypto';
import { hasHybridKeyExchange } from '../../aws/post-quantum';
import { isAtLeast } from '../version';
import { ok, problem, skipped, warning, type Diagnosis } from './diagnosis';

const NODE = '20.19.0';
/** Least version for the AWS SDK for JavaScript from January 2027 (its NodeVersionSupportWarning). */
const NODE_OF_NEXT_SDK = '22.0.0';

/**
 * Checks the Node.js that runs this. It is the first on PATH, which also runs the provider process.
 *
 * @param ciphers - the ciphers of its OpenSSL
 * @param hasHybrid - whether its OpenSSL has hybrid ML-KEM key exchange
 */
export function diagnoseRuntime(
  version: string,
  ciphers = getCiphers(),
  hasHybrid = hasHybridKeyExchange(),
): Diagnosis[] {
  return [
    nodeOf(version),
    ciphers.includes('id-aes256-wrap-pad')
      ? ok('OpenSSL', 'has AES key wrap with padding')
      : problem(
          'OpenSSL',
          'has no AES key wrap with padding (id-aes256-wrap-pad)',
          'run a Node.js that is built with OpenSSL 3; this one cannot wrap RSA and ECC material',
        ),
    keyExchangeOf(hasHybrid),
  ];
}

function keyExchangeOf(hasHybrid: boolean): Diagnosis {
  return hasHybrid
    ? ok(
        'Key exchange',
        'hybrid ML-KEM, where the endpoint agrees; transport: post-quantum requires it',
      )
    : skipped(
        'Key exchange',
        `classical only, because OpenSSL ${process.versions.openssl} has no ML-KEM; transport: post-quantum needs Node.js 22.20, or 24.5`,
      );
}

function nodeOf(version: string): Diagnosis {
  if (!isAtLeast(version, NODE)) {
    return problem(
      'Node.js',
      version,
      `install Node.js ${NODE} or later; the Pulumi engine runs the first node on PATH`,
    );
  }
  return isAtLeast(version, NODE_OF_NEXT_SDK)
    ? ok('Node.js', version)
    : warning(
        'Node.js',
        version,
        'install Node.js 22 or later: versions of the AWS SDK after the first week of January 2027 require it',
      );
}
