import { life, LOSSES, real } from '../support/imported-key-life';
import { describeWithPulumi } from '../support/describe-with-pulumi';

jest.setTimeout(600_000);

describeWithPulumi('when the real engine runs a program with an ImportedKey', () => {
  life(real, LOSSES.slice(0, 2));
});
