import type { Fingerprint } from '../../domain/fingerprint';

/** Whether a key holds the material that is given. */
export interface Verdict {
  /**
   * `same`: proved. `different`: proved not to be. `absent`: the key holds none. `unproved`: nothing
   * that leaves the key as it is can tell.
   */
  readonly verdict: 'same' | 'different' | 'absent' | 'unproved';
  /** How it was found out, or why it was not. */
  readonly evidence: string;
  /** The material that is meant; symmetric keys only. */
  readonly keyMaterialId?: string | undefined;
}

/** A verdict with what it is about. */
export interface Verification extends Verdict {
  readonly keyArn: string;
  readonly keySpec: string;
  readonly materialFingerprint: Fingerprint;
}
