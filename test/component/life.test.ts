import { life } from '../support/imported-key-life';

jest.setTimeout(600_000);

describe('when an engine runs a program with an ImportedKey', () => {
  life();
});
