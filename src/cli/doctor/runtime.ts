import { getCiphers } from 'node:crypto';
import { isAtLeast, ok, problem, type Diagnosis } from './diagnosis';

const NODE = '20.19.0';

/**
 * Checks the Node.js that runs this. It is the first on PATH, which also runs the provider process.
 *
 * @param ciphers - the ciphers of its OpenSSL
 */
export function diagnoseRuntime(version: string, ciphers = getCiphers()): Diagnosis[] {
  return [
    isAtLeast(version, NODE)
      ? ok('Node.js', version)
      : problem(
          'Node.js',
          version,
          `install Node.js ${NODE} or later; the Pulumi engine runs the first node on PATH`,
        ),
    ciphers.includes('id-aes256-wrap-pad')
      ? ok('OpenSSL', 'has AES key wrap with padding')
      : problem(
          'OpenSSL',
          'has no AES key wrap with padding (id-aes256-wrap-pad)',
          'run a Node.js that is built with OpenSSL 3; this one cannot wrap RSA and ECC material',
        ),
  ];
}
