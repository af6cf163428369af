// IAM User Guide, AWS JSON policy elements: Principal. Groups are no principals, and no part of an ARN is a wildcard.
const PRINCIPAL_ARN =
  /^arn:(?<partition>aws[a-z-]*):(?:iam::\d{12}:(?:root|(?:user|role)\/[\w+=,.@/-]+)|sts::\d{12}:(?:assumed-role|federated-user)\/[\w+=,.@/-]+)$/;

/**
 * Whether a text is the ARN of a principal of a partition: an account, user, role, session or federated user. This
 * server knows no users and roles, so all that are well formed exist.
 */
export function isPrincipalArn(text: string, partition: string): boolean {
  return PRINCIPAL_ARN.exec(text)?.groups?.partition === partition;
}
