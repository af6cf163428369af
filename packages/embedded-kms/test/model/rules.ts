/**
 * AWS's documented rules for imported symmetric keys, written a second time and independently of the
 * server: small, slow, and hour by hour. Materials are numbers, instants are hours. A rule answers
 * the name of the error that AWS would answer, or undefined and has its effect.
 */
export class ModelKey {
  /** By Region; a multi-Region key has several. */
  readonly copies = new Map<string, Copy>();
  primary: string;
  readonly multi: boolean;
  /** Permanently associated, oldest first. */
  permanent: number[] = [];
  pending: number | undefined;
  current: number | undefined;
  rotatesAt: number | undefined;
  rotations = 0;

  constructor(region: string, multi: boolean) {
    this.primary = region;
    this.multi = multi;
    this.copies.set(region, new Copy());
  }
}

class Copy {
  enabled = true;
  deletion: { at: number | undefined } | undefined;
  creatingUntil: number | undefined;
  updatingUntil: number | undefined;
  /** The materials that are here, with the hour at which each expires. */
  readonly present = new Map<number, number>();
  /** The last use in each hour that had one. */
  readonly uses = new Map<number, string>();
}

/** A statement of a key policy, by whether each of its parts is about the caller's next PutKeyPolicy. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly principal: boolean;
  readonly action: boolean;
  readonly resource: boolean;
  readonly condition: Condition;
}

/** The demand of a statement on the key or the request. */
export type Condition =
  | 'none'
  | 'imported'
  | 'generated'
  | 'multi'
  | 'primary'
  | 'not primary'
  | 'first Region'
  | 'late'
  | 'by a service'
  | 'undecided';

/** The first Region of the model, and the hour from which on it is late. */
export const FIRST_REGION = 'eu-central-1';
export const LATE = 24;

export const WINDOW = 7 * 24;
const TRANSITION = 1;
const STATE = 'KMSInvalidStateException';
const UNSUPPORTED = 'UnsupportedOperationException';
const NOT_FOUND = 'NotFoundException';

type Refusal = string | undefined;

export class Model {
  hour = 0;
  readonly keys: ModelKey[] = [];

  stateOf(key: ModelKey, region: string): string | undefined {
    const copy = key.copies.get(region);
    if (copy === undefined) return undefined;
    if (copy.deletion !== undefined) {
      return copy.deletion.at === undefined ? 'PendingReplicaDeletion' : 'PendingDeletion';
    }
    if (copy.creatingUntil !== undefined) return 'Creating';
    const complete = key.permanent.length > 0 && key.permanent.every((id) => copy.present.has(id));
    if (!complete) return 'PendingImport';
    if (copy.updatingUntil !== undefined) return 'Updating';
    return copy.enabled ? 'Enabled' : 'Disabled';
  }

  /** Whether the staged material may be rotated to: every copy has it, or it is under way. */
  isReady(key: ModelKey): boolean {
    const { pending } = key;
    if (pending === undefined) return false;
    const everywhere = [...key.copies.values()].every(({ present }) => present.has(pending));
    return key.rotatesAt !== undefined || everywhere;
  }

  import(
    key: ModelKey,
    region: string,
    material: number,
    type: 'NEW' | 'EXISTING' | undefined,
    expiresAt: number,
  ): Refusal {
    const before = this.stateOf(key, region);
    const copy = key.copies.get(region);
    if (copy === undefined) return NOT_FOUND;
    // Updating: GetParametersForImport refuses, which comes first.
    if (!['Enabled', 'Disabled', 'PendingImport'].includes(before ?? '')) return STATE;
    const known = key.permanent.includes(material) || key.pending === material;
    if ((type ?? (key.current === undefined ? 'NEW' : 'EXISTING')) === 'NEW') {
      if (region !== key.primary) return UNSUPPORTED;
      if (known) return 'IncorrectKeyMaterialException';
      if (key.pending !== undefined) return STATE;
      if (key.current === undefined) {
        key.current = material;
        key.permanent.push(material);
      } else key.pending = material;
    } else if (!known) return 'IncorrectKeyMaterialException';
    copy.present.set(material, expiresAt);
    if (before === 'PendingImport' && this.stateOf(key, region) !== before) copy.enabled = true;
    return undefined;
  }

  /** An import with the wrapping key of one call and the token of another: KMS cannot open the ciphertext. */
  mix(key: ModelKey, region: string): Refusal {
    const state = this.stateOf(key, region);
    if (state === undefined) return NOT_FOUND;
    if (!['Enabled', 'Disabled', 'PendingImport'].includes(state)) return STATE;
    return 'InvalidCiphertextException';
  }

  /** The lockout safety check: an explicit Deny wins, and without an Allow nothing is allowed. */
  putPolicy(key: ModelKey, region: string, policy: readonly Statement[]): Refusal {
    if (!key.copies.has(region)) return NOT_FOUND;
    const effects = policy
      .filter(({ principal, action, resource }) => principal && action && resource)
      .filter(({ effect, condition }) => this.holds(condition, key, region) ?? effect === 'Allow')
      .map(({ effect }) => effect);
    if (effects.includes('Deny') || !effects.includes('Allow')) {
      return 'MalformedPolicyDocumentException';
    }
    return undefined;
  }

  /** Undefined when the request does not decide it: then the policy gets the benefit of the doubt. */
  holds(condition: Condition, key: ModelKey, region: string): boolean | undefined {
    const isPrimary = key.multi && key.primary === region;
    const verdicts: Record<Condition, boolean | undefined> = {
      none: true,
      imported: true,
      generated: false,
      multi: key.multi,
      primary: isPrimary,
      'not primary': !isPrimary,
      'first Region': region === FIRST_REGION,
      late: this.hour >= LATE,
      'by a service': false,
      undecided: undefined,
    };
    return verdicts[condition];
  }

  /** The last use that KMS shows: its record is an hour late. */
  lastUse(key: ModelKey, region: string): readonly [hour: number, operation: string] | undefined {
    return [...key.copies.get(region)!.uses].filter(([hour]) => hour < this.hour).at(-1);
  }

  delete(key: ModelKey, region: string, material: number | undefined): Refusal {
    const state = this.stateOf(key, region);
    if (state === undefined) return NOT_FOUND;
    if (state === 'Creating' || state === 'Updating') return STATE;
    const target = material ?? key.current;
    if (target === undefined) return undefined;
    if (!key.permanent.includes(target) && key.pending !== target) return NOT_FOUND;
    this.#lose(key, region, target);
    return undefined;
  }

  rotate(key: ModelKey, region: string): Refusal {
    const refusal = this.#refuseUnlessUsable(key, region);
    if (refusal !== undefined) return refusal;
    if (region !== key.primary) return UNSUPPORTED;
    if (key.rotatesAt !== undefined) return 'ConflictException';
    if (key.rotations >= 25) return 'LimitExceededException';
    if (!this.isReady(key)) return STATE;
    key.rotatesAt = this.hour + TRANSITION;
    key.rotations += 1;
    return undefined;
  }

  switch(key: ModelKey, region: string, enabled: boolean): Refusal {
    const state = this.stateOf(key, region);
    const copy = key.copies.get(region);
    if (copy === undefined) return NOT_FOUND;
    if (state !== 'Enabled' && state !== 'Disabled') return STATE;
    copy.enabled = enabled;
    return undefined;
  }

  schedule(key: ModelKey, region: string): Refusal {
    const copy = key.copies.get(region);
    if (copy === undefined) return NOT_FOUND;
    if (copy.deletion !== undefined || this.stateOf(key, region) === 'Updating') return STATE;
    const waits = region === key.primary && key.copies.size > 1;
    copy.deletion = { at: waits ? undefined : this.hour + WINDOW };
    return undefined;
  }

  cancel(key: ModelKey, region: string): Refusal {
    const copy = key.copies.get(region);
    if (copy === undefined) return NOT_FOUND;
    if (copy.deletion === undefined) return STATE;
    copy.deletion = undefined;
    copy.enabled = false;
    return undefined;
  }

  replicate(key: ModelKey, region: string, to: string): Refusal {
    if (!key.copies.has(region)) return NOT_FOUND;
    if (!key.multi || region !== key.primary) return UNSUPPORTED;
    const refusal = this.#refuseUnlessUsable(key, region);
    if (refusal !== undefined) return refusal;
    if (this.stateOf(key, region) === 'Updating') return STATE;
    if (key.copies.has(to)) return 'AlreadyExistsException';
    const copy = new Copy();
    copy.creatingUntil = this.hour + TRANSITION;
    key.copies.set(to, copy);
    return undefined;
  }

  updatePrimary(key: ModelKey, region: string, to: string): Refusal {
    const refusal = this.#refuseUnlessUsable(key, region);
    if (refusal !== undefined) return refusal;
    if (!key.multi || region !== key.primary) return UNSUPPORTED;
    if (to === key.primary || !key.copies.has(to)) return NOT_FOUND;
    const refusalThere = this.#refuseUnlessUsable(key, to);
    if (refusalThere !== undefined) return refusalThere;
    for (const name of [region, to]) {
      key.copies.get(name)!.updatingUntil = this.hour + TRANSITION;
    }
    key.primary = to;
    return undefined;
  }

  encrypt(key: ModelKey, region: string): Refusal {
    return this.#use(key, region, 'Encrypt');
  }

  decrypt(key: ModelKey, region: string): Refusal {
    if (!key.copies.has(region)) return 'InvalidCiphertextException';
    return this.#use(key, region, 'Decrypt');
  }

  /** One hour: deletions, then ends of transitions, then expiries, then rotations. */
  passHour(): void {
    this.hour += 1;
    for (const key of this.keys) {
      for (const [region, copy] of key.copies) {
        if (copy.deletion?.at === this.hour) this.#remove(key, region);
      }
      for (const [region, copy] of key.copies) {
        if (copy.creatingUntil === this.hour) copy.creatingUntil = undefined;
        if (copy.updatingUntil === this.hour) copy.updatingUntil = undefined;
        for (const [material, expiresAt] of copy.present) {
          if (expiresAt === this.hour) this.#lose(key, region, material);
        }
      }
      if (key.rotatesAt === this.hour) {
        key.rotatesAt = undefined;
        key.current = key.pending!;
        key.permanent.push(key.current);
        key.pending = undefined;
      }
    }
  }

  #remove(key: ModelKey, region: string): void {
    key.copies.delete(region);
    const last = key.copies.get(key.primary);
    if (key.copies.size === 1 && last?.deletion !== undefined) {
      last.deletion.at = this.hour + WINDOW;
    }
  }

  /** The staged material goes from all copies with that of the primary, and its rotation ends. */
  #lose(key: ModelKey, region: string, material: number): void {
    if (material !== key.pending || region !== key.primary) {
      key.copies.get(region)?.present.delete(material);
      return;
    }
    for (const { present } of key.copies.values()) present.delete(material);
    key.pending = undefined;
    key.rotatesAt = undefined;
  }

  #use(key: ModelKey, region: string, operation: string): Refusal {
    const refusal = this.#refuseUnlessUsable(key, region);
    if (refusal === undefined) key.copies.get(region)!.uses.set(this.hour, operation);
    return refusal;
  }

  #refuseUnlessUsable(key: ModelKey, region: string): Refusal {
    switch (this.stateOf(key, region)) {
      case undefined:
        return NOT_FOUND;
      case 'Disabled':
        return 'DisabledException';
      case 'Enabled':
      case 'Updating':
        return undefined;
      default:
        return STATE;
    }
  }
}
