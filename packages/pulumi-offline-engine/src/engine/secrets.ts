import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';

import {
  containsSecret,
  isMap,
  isSecret,
  mapSecrets,
  markSecret,
  secret,
  type Value,
  type ValueMap,
} from './values';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Marks outputs of a provider as secret where the inputs are: providers get secrets without their marks.
 * This is `annotateSecrets` of Pulumi's engine. It descends into objects; one secret in any other value
 * makes the whole value secret.
 */
export function annotateSecrets(outs: ValueMap, ins: ValueMap): ValueMap {
  const annotated: Record<string, Value> = { ...outs };
  for (const [key, given] of Object.entries(ins)) {
    const out = outs[key];
    if (out === undefined) continue;
    if (isMap(out) && isMap(given) && !isSecret(out) && !isSecret(given)) {
      annotated[key] = annotateSecrets(out, given);
    } else if (containsSecret(given)) {
      annotated[key] = markSecret(out);
    }
  }
  return annotated;
}

/** Marks outputs as secret that the options name, or whose input of the same name is secret. */
export function markSecretOutputs(
  outputs: ValueMap,
  inputs: ValueMap,
  additional: readonly string[],
): ValueMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      const input = inputs[key];
      const hidden = additional.includes(key) || (input !== undefined && isSecret(input));
      return [key, hidden ? markSecret(value) : value];
    }),
  );
}

/** Encrypts and decrypts the secrets of a state file. */
export class SecretSealer {
  readonly #passphrase: string;
  readonly #known = new Map<string, string>();
  #key: Buffer | undefined;

  /** The salt must be stored with the secrets, because the key depends on it. */
  constructor(
    passphrase: string,
    readonly salt: string = randomBytes(16).toString('base64'),
  ) {
    this.#passphrase = passphrase;
  }

  /** Returns the properties with each secret encrypted. */
  seal(properties: ValueMap): ValueMap {
    return mapSecrets(properties, (found) =>
      secret({ ciphertext: this.#encrypt(JSON.stringify(found.value)) }),
    ) as ValueMap;
  }

  /** Returns the properties with each secret decrypted. */
  open(properties: ValueMap): ValueMap {
    return mapSecrets(properties, (found) => {
      const text = this.#decrypt(found.ciphertext as string);
      return secret({ value: JSON.parse(text) as Value });
    }) as ValueMap;
  }

  // An unchanged secret keeps its ciphertext, so that a run without changes does not change the file.
  #encrypt(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#deriveKey(), iv);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    this.#known.set(text, sealed);
    return sealed;
  }

  #decrypt(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.#deriveKey(),
      bytes.subarray(0, IV_BYTES),
    ).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
    try {
      decipher.final();
    } catch (cause) {
      throw new Error('The passphrase does not decrypt the secrets of the state file.', { cause });
    }
    this.#known.set(text, sealed);
    return text;
  }

  #deriveKey(): Buffer {
    this.#key ??= scryptSync(this.#passphrase, Buffer.from(this.salt, 'base64'), 32);
    return this.#key;
  }
}
