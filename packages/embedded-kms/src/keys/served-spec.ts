import { keySpecFacts, type KeySpecFacts } from '../crypto/key-specs';
import { hasPrimitive, PRIMITIVES } from '../crypto/post-quantum';
import { nodeTooOld, notServed } from '../errors/kms-error';

/**
 * Returns the facts of a requested key spec.
 *
 * @param member - the member of the request that names it
 * @throws {@link KmsError} UnsupportedOperationException when keys of this spec are not served
 */
export function servedSpec(member: string, keySpec: string): KeySpecFacts {
  const facts = keySpecFacts(keySpec);
  if (facts === undefined) throw notServed(`${member} ${keySpec}`);
  return facts;
}

/**
 * Asserts that the running Node.js has the cryptography of a served key spec. AWS always has it, so this comes after
 * everything that AWS refuses.
 *
 * @throws {@link KmsError} UnsupportedOperationException
 */
export function assertHasPrimitive(member: string, keySpec: string): void {
  const facts = servedSpec(member, keySpec);
  if ('primitive' in facts && !hasPrimitive(facts.primitive)) {
    throw nodeTooOld(`${member} ${keySpec}`, PRIMITIVES[facts.primitive].since);
  }
}
