import type { Transport } from '../../domain/transport';
import { typesOf } from '../../domain/type-tokens';
import { knownValue, memberOf } from '../property';
import { resourceRule } from '../rule';

const REQUIRED: Transport = 'post-quantum';

/** Requires hybrid key exchange on the way to KMS. */
export const postQuantumTransport = resourceRule({
  id: 'byok-post-quantum-transport',
  sentence: 'Key material is sent only over connections with post-quantum key exchange.',
  why: 'RSA wraps the material. Somebody who records the call today and has a quantum computer later can read it, unless the key exchange of the TLS connection resists that computer.',
  fix: 'Set connection.transport to post-quantum, on the material, on its ImportedKey or on the explicit provider. The Node.js of the update needs OpenSSL 3.5. Name material for an emulator without TLS in except.',
  severity: 'medium',
  tags: ['cryptography'],
  types: typesOf('ImportedKeyMaterial'),
  settings: {},
  *check({ props, provider }) {
    // A KmsByokProvider has its inputs in the form of a stack's configuration, the native one has them as they are.
    const places = [
      () => memberOf(props.connection, 'transport'),
      () => memberOf(provider?.props, 'aws:transport'),
      () => memberOf(provider?.props, 'transport'),
    ];
    if (places.some((read) => knownValue(read) === REQUIRED)) return;
    // Throws for one that a preview does not know.
    for (const read of places) read();
    yield 'Its connection does not require post-quantum key exchange: set connection.transport to post-quantum.';
  },
});
