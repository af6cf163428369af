import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WRAPPING_KEY_BITS, type WrappingKeySpec } from '../src/domain/key-specs';
import { wrap } from '../src/material/wrap';
import { median, type Line } from './result';
import { findWrapPeers, ratePerSecond, type WrapPeer } from './wrappers/peers';

const SPECS = ['RSA_4096', 'RSA_2048'] as const satisfies readonly WrappingKeySpec[];
// Both peers have this algorithm. Go's standard library has no AES key wrap with padding.
const WRAPPING_ALGORITHM = 'RSAES_OAEP_SHA_256';
const WRAPS = 2000;

/** Compares wraps of 32 bytes with the same wraps in other languages. */
export function benchWrap(rounds: number): Line[] {
  const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
  try {
    const peers = findWrapPeers(folder);
    return SPECS.flatMap((spec) => compare(spec, peers, rounds, join(folder, `${spec}.der`)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(
  wrappingKeySpec: (typeof SPECS)[number],
  peers: readonly WrapPeer[],
  rounds: number,
  spkiFile: string,
): Line[] {
  const modulusLength = WRAPPING_KEY_BITS[wrappingKeySpec];
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  writeFileSync(spkiFile, spki);
  const key = { publicKey: spki, wrappingAlgorithm: WRAPPING_ALGORITHM, wrappingKeySpec } as const;
  const material = randomBytes(32);
  const what = `${WRAPPING_ALGORITHM} with ${wrappingKeySpec}`;
  perSecond(() => wrap(material, key, randomBytes)); // warms up and is not counted
  return peers.map(({ name, atLeast, found }): Line => {
    if ('missing' in found) return { what, peerName: name, absent: found.missing };
    const rates = { ours: [] as number[], peer: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      rates.peer.push(ratePerSecond(found, spkiFile, WRAPS));
      rates.ours.push(perSecond(() => wrap(material, key, randomBytes)));
    }
    return {
      what,
      unit: 'wraps/s',
      ours: median(rates.ours),
      peer: median(rates.peer),
      peerName: name,
      limit: { atLeast },
      how: `32 bytes, the wrapping key read anew each time, as an import does; ${found.version}; in turn; per second of processor time; median of ${rounds}`,
    };
  });
}

function perSecond(operation: () => unknown): number {
  const before = process.cpuUsage();
  for (let count = 0; count < WRAPS; count += 1) operation();
  const { user, system } = process.cpuUsage(before);
  return (WRAPS * 1_000_000) / (user + system);
}
