import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_BITS,
  type WrappingKeySpec,
} from '../src/domain/key-specs';
import { wrap } from '../src/material/wrap';
import { rsaPublicOperations } from './kms-openssl';
import { median, type Result } from './result';

const SPECS = ['RSA_4096', 'RSA_2048'] as const satisfies readonly WrappingKeySpec[];
const WRAPS = 2000;

/** Compares wraps of 32 bytes with OpenSSL's RSA public operation, because each wrap needs one. */
export function benchWrap(rounds: number): Result[] {
  return SPECS.flatMap((wrappingKeySpec) => {
    const bits = WRAPPING_KEY_BITS[wrappingKeySpec];
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    return WRAPPING_ALGORITHMS.map((wrappingAlgorithm): Result => {
      const key = { publicKey: spki, wrappingAlgorithm, wrappingKeySpec };
      const material = randomBytes(32);
      const rates = { ours: [] as number[], peer: [] as number[] };
      perSecond(() => wrap(material, key, randomBytes)); // warms up and is not counted
      for (let round = 0; round < rounds; round += 1) {
        rates.peer.push(rsaPublicOperations(bits));
        rates.ours.push(perSecond(() => wrap(material, key, randomBytes)));
      }
      return {
        what: `${wrappingAlgorithm} with ${wrappingKeySpec}`,
        unit: 'wraps/s',
        ours: median(rates.ours),
        peer: median(rates.peer),
        peerName: "OpenSSL's RSA public operations",
        limit: { atLeast: 1 / 1.5 },
        how: `32 bytes, the wrapping key read anew each time, as an import does; verify/s of openssl speed, in turn; both per second of processor time; median of ${rounds}`,
      };
    });
  });
}

function perSecond(operation: () => unknown): number {
  const before = process.cpuUsage();
  for (let count = 0; count < WRAPS; count += 1) operation();
  const { user, system } = process.cpuUsage(before);
  return (WRAPS * 1_000_000) / (user + system);
}
