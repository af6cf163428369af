import type { PolicyResource } from '@pulumi/policy';
import { knownValue, propertiesOf, textOf } from '../property';
import { ALIAS } from '../resource-types';
import type { KeyIndex, KeyIdentity } from './key-index';

/** How a stack marks its production keys. */
export interface ProductionMarks {
  /** Values of tags, and words of names. */
  readonly words: readonly string[];
  /** Names of tags. */
  readonly tags: readonly string[];
}

/** Finds the keys that are marked as production, in any case of letters. */
export class ProductionKeys {
  readonly #index: KeyIndex;
  readonly #aliases = new Map<KeyIdentity, string[]>();
  readonly #words: ReadonlySet<string>;
  readonly #tags: ReadonlySet<string>;

  constructor(
    index: KeyIndex,
    resources: readonly PolicyResource[],
    { words, tags }: ProductionMarks,
  ) {
    this.#index = index;
    this.#words = new Set(words.map((word) => word.toLowerCase()));
    this.#tags = new Set(tags.map((tag) => tag.toLowerCase()));
    for (const alias of resources.filter(({ type }) => type === ALIAS)) {
      const props = propertiesOf(alias);
      const key = knownValue(() =>
        this.#index.identify(alias, 'targetKeyId', () => props.targetKeyId),
      );
      const name = knownValue(() => textOf(props.name));
      if (key === undefined || name === undefined) continue;
      this.#aliases.set(key, [...(this.#aliases.get(key) ?? []), name]);
    }
  }

  /** Returns whether a material belongs to a production key. Throws if a tag is unknown in a preview. */
  hasMaterial(material: PolicyResource): boolean {
    const identity = knownValue(() => this.#index.keyOfMaterial(material));
    const key = identity === undefined ? undefined : this.#index.resourceOf(identity);
    const aliases = identity === undefined ? [] : (this.#aliases.get(identity) ?? []);
    const names = [material.name, ...(key === undefined ? [] : [key.name]), ...aliases];
    return names.some((name) => this.#names(name)) || (key !== undefined && this.#tagged(key));
  }

  #names(name: string): boolean {
    const words = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').split(/[^A-Za-z0-9]+/);
    return words.some((word) => this.#words.has(word.toLowerCase()));
  }

  #tagged(key: PolicyResource): boolean {
    const { tags } = propertiesOf(key);
    // Default tags of the aws provider are only in the outputs, so a preview may not know them.
    const all = knownValue(() => propertiesOf(key).tagsAll);
    return [...Object.entries(all ?? {}), ...Object.entries(tags ?? {})].some(
      ([name, value]) =>
        this.#tags.has(name.toLowerCase()) && this.#words.has(String(value).toLowerCase()),
    );
  }
}
