import { loadAws } from '../../src/component/load-aws';

jest.mock('@pulumi/aws', () => {
  throw Object.assign(new Error('absent'), { code: 'MODULE_NOT_FOUND' });
});

describe('when @pulumi/aws is not installed', () => {
  it('an ImportedKey says what to install', () => {
    expect(() => loadAws()).toThrowWithCode('PACKAGE_MISSING');
  });
});
