import {
  GenerateMacCommand,
  GetPublicKeyCommand,
  type MacAlgorithmSpec,
} from '@aws-sdk/client-kms';
import { createClient } from './client';
import type { KmsConnection } from './connection';

// A KeyProof is responsible for the calls that only a key with its material can answer. They change nothing.
// Each call throws nothing but ByokError.
export interface KeyProof {
  /** GenerateMac. */
  mac(keyId: string, algorithm: MacAlgorithmSpec, message: Uint8Array): Promise<Uint8Array>;
  /** GetPublicKey: DER SubjectPublicKeyInfo. */
  publicKey(keyId: string): Promise<Uint8Array>;
  close(): void;
}

/** Opens a connection. Calls nothing yet. */
export function connectKeyProof(connection: KmsConnection): KeyProof {
  const client = createClient(connection);
  return {
    async mac(keyId, algorithm, message) {
      const { Mac: mac = new Uint8Array() } = await client.send(
        new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: algorithm, Message: message }),
      );
      return mac;
    },
    async publicKey(keyId) {
      const { PublicKey: publicKey = new Uint8Array() } = await client.send(
        new GetPublicKeyCommand({ KeyId: keyId }),
      );
      return publicKey;
    },
    close: () => {
      client.destroy();
    },
  };
}
