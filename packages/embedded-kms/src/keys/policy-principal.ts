import { invalidPolicyPrincipals } from '../errors/policy-errors';
import { isObject, listOf } from './policy-json';
import { isPrincipalArn } from './principal-arn';

/** The types of principals (IAM User Guide, grammar of policies). */
export const PRINCIPAL_TYPES: readonly string[] = ['AWS', 'Federated', 'Service', 'CanonicalUser'];

/** The values of a Principal or NotPrincipal element. */
export function principalsIn(element: unknown): readonly unknown[] {
  return isObject(element) ? Object.values(element).flatMap(listOf) : listOf(element);
}

/**
 * Asserts that the AWS principals in an element can exist in a partition.
 *
 * @throws {@link KmsError} MalformedPolicyDocumentException
 */
export function assertPrincipalsExist(element: unknown, partition: string): void {
  if (!isObject(element)) return;
  for (const principal of listOf(element.AWS)) {
    const text = String(principal);
    if (text === '*' || /^\d{12}$/.test(text)) continue;
    if (!isPrincipalArn(text, partition)) throw invalidPolicyPrincipals();
  }
}
