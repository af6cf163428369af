import { life, LOSSES, offline } from '../support/imported-key-life';

jest.setTimeout(600_000);

describe('when the offline engine runs a program with an ImportedKey', () => {
  life(offline, LOSSES);
});
