import { invalidPolicyPrincipals } from '../errors/policy-errors';
import { isObject, listOf } from './policy-json';

/** The types of principals (IAM User Guide, grammar of policies). */
export const PRINCIPAL_TYPES: readonly string[] = ['AWS', 'Federated', 'Service', 'CanonicalUser'];

/** The values of a Principal or NotPrincipal element. */
export function principalsIn(element: unknown): readonly unknown[] {
  return isObject(element) ? Object.values(element).flatMap(listOf) : listOf(element);
}

// IAM User Guide, AWS JSON policy elements: Principal. Groups are no principals, and no part of an ARN is a wildcard.
const PRINCIPAL_ARN =
  /^arn:(?<partition>aws[a-z-]*):(?:iam::\d{12}:(?:root|(?:user|role)\/[\w+=,.@/-]+)|sts::\d{12}:(?:assumed-role|federated-user)\/[\w+=,.@/-]+)$/;

/**
 * Asserts that the AWS principals in an element can exist in a partition. This server knows no users and roles, so all
 * that are well formed exist.
 *
 * @throws {@link KmsError} MalformedPolicyDocumentException
 */
export function assertPrincipalsExist(element: unknown, partition: string): void {
  if (!isObject(element)) return;
  for (const principal of listOf(element.AWS)) {
    const text = String(principal);
    if (text === '*' || /^\d{12}$/.test(text)) continue;
    if (PRINCIPAL_ARN.exec(text)?.groups?.partition !== partition) throw invalidPolicyPrincipals();
  }
}
