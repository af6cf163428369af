import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  differencesFrom,
  type ServiceModel,
} from '../../packages/embedded-kms/test/support/service-model';
import { findPythonPrograms } from '../../scripts/test-tools/python';
import { describeWithPython } from '../support/python-programs';

const LOAD = `
import json
from botocore.loaders import Loader
print(json.dumps(Loader().load_service_model('kms', 'service-2')))`;

/** On purpose: the page of differences and the comments of the shapes say why. */
const INTENDED = [
  // The API reference has these limits.
  'CreateGrant.Operations min 0, here 1',
  'ListAliases.Limit max 1000, here 100',
  'ListGrants.Limit max 1000, here 100',
  'ListResourceTags.Limit max 1000, here 50',
  'ListRetirableGrants.Limit max 1000, here 100',
  'ScheduleKeyDeletion.PendingWindowInDays max 365, here 30',
  'ScheduleKeyDeletion.PendingWindowInDays min 1, here 7',
  // LimitExceededException has the place of this limit.
  'CreateKey.Policy max 131072, here undefined',
  'PutKeyPolicy.Policy max 131072, here undefined',
  'ReplicateKey.Policy max 131072, here undefined',
  // Requests with this member are refused as a whole.
  ...[
    'Decrypt',
    'DeriveSharedSecret',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateRandom',
  ].flatMap((operation) =>
    ['AttestationDocument', 'KeyEncryptionAlgorithm'].map(
      (member) => `${operation}.Recipient.${member} is not read`,
    ),
  ),
];

describeWithPython('when the server is compared with the service model of botocore', () => {
  it('knows its members, limits, patterns and enums', async () => {
    const python = join(findPythonPrograms() ?? '', 'python');
    const { stdout } = await promisify(execFile)(python, ['-c', LOAD], { maxBuffer: 2 ** 25 });
    const model = JSON.parse(stdout) as ServiceModel;
    expect(Object.keys(model.operations).length).toBeGreaterThan(50);
    expect(differencesFrom(model).sort()).toEqual(INTENDED.sort());
  });
});
