import { pythonPrograms } from './python-programs';

const BOTO3 = '1.44.5';
const AWSCLI = '1.46.2';

/** Unmodified AWS clients in Python: boto3, and the AWS CLI as `aws`. */
export const awsClients = pythonPrograms(`aws-clients-${BOTO3}-${AWSCLI}`, [
  `boto3==${BOTO3}`,
  `awscli==${AWSCLI}`,
]);
