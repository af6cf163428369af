import { environmentOfModule } from '../../../src/material/pkcs11/module-environment';

// As the documentation of each vendor names them.
const OF_LIBRARIES = {
  SOFTHSM2_CONF: '/a',
  YUBIHSM_PKCS11_CONF: '/b',
  ChrystokiConfigurationPath: '/c',
  CKNFAST_OVERRIDE_SECURITY_ASSURANCES: 'd',
  NFAST_HOME: '/e',
  OPENSC_CONF: '/f',
  P11_KIT_PROVIDER_URL: 'g',
  LD_LIBRARY_PATH: '/h',
  DYLD_LIBRARY_PATH: '/i',
};

describe('when the process of a PKCS #11 module gets its environment', () => {
  it('the variables of known libraries are in it', () => {
    expect(environmentOfModule(OF_LIBRARIES, [])).toEqual(OF_LIBRARIES);
  });

  it.each([
    'AWS_SECRET_ACCESS_KEY',
    'PULUMI_CONFIG_PASSPHRASE',
    'MY_SOFTHSM2_CONF',
    'OPENSC_CONF_2',
  ])('%s is not', (name) => {
    expect(environmentOfModule({ [name]: 'secret' }, [])).toEqual({});
  });

  it('another one is if it is named, unless it has the PIN', () => {
    const env = { VENDOR_HOME: '/v', HSM_PIN: '1234' };
    expect(environmentOfModule(env, ['VENDOR_HOME', 'HSM_PIN'], 'HSM_PIN')).toEqual({
      VENDOR_HOME: '/v',
    });
  });
});
