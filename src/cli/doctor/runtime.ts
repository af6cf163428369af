import { getCiphers } from 'node:crypto';
import { isAtLeast, type Diagnosis } from './diagnosis';

const NODE = '20.19.0';

/**
 * Checks the Node.js that runs this. It is the first on PATH, which also runs the provider process.
 *
 * @param ciphers - the ciphers of its OpenSSL
 */
export function diagnoseRuntime(version: string, ciphers = getCiphers()): Diagnosis[] {
  return [
    isAtLeast(version, NODE)
      ? { name: 'Node.js', verdict: 'ok', found: version }
      : {
          name: 'Node.js',
          verdict: 'problem',
          found: version,
          remedy: `install Node.js ${NODE} or later; the Pulumi engine runs the first node on PATH`,
        },
    ciphers.includes('id-aes256-wrap-pad')
      ? { name: 'OpenSSL', verdict: 'ok', found: 'has AES key wrap with padding' }
      : {
          name: 'OpenSSL',
          verdict: 'problem',
          found: 'has no AES key wrap with padding (id-aes256-wrap-pad)',
          remedy:
            'run a Node.js that is built with OpenSSL 3; this one cannot wrap RSA and ECC material',
        },
  ];
}
