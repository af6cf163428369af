import { keySpecFacts, type KeySpecFacts } from '../crypto/key-specs';
import { hasPrimitive, PRIMITIVES } from '../crypto/post-quantum';
import { nodeTooOld, notServed } from '../errors/kms-error';

/**
 * Returns the facts of a requested key spec.
 *
 * @param member - the member of the request that names it
 * @throws {@link KmsError} UnsupportedOperationException when keys of this spec are not served, or not by the
 * running Node.js.
 */
export function servedSpec(member: string, keySpec: string): KeySpecFacts {
  const facts = keySpecFacts(keySpec);
  if (facts === undefined) throw notServed(`${member} ${keySpec}`);
  if ('primitive' in facts && !hasPrimitive(facts.primitive)) {
    throw nodeTooOld(`${member} ${keySpec}`, PRIMITIVES[facts.primitive].since);
  }
  return facts;
}
