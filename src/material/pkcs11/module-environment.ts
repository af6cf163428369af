import { environmentOfCommand } from '../command-environment';

/**
 * Variables by which the libraries of vendors find their configuration: SoftHSM, YubiHSM, Luna, nShield, OpenSC,
 * p11-kit, and the folders of shared libraries. None of them has a secret.
 */
const OF_LIBRARIES = [
  /^SOFTHSM2_CONF$/,
  /^YUBIHSM_PKCS11_CONF$/,
  /^ChrystokiConfigurationPath$/,
  /^(?:CKNFAST|NFAST)_[A-Z0-9_]+$/,
  /^OPENSC_CONF$/,
  /^P11_KIT_[A-Z0-9_]+$/,
  /^(?:LD|DYLD)_LIBRARY_PATH$/,
];

/**
 * Returns the environment of the process of a module: that of a command, and the variables of known libraries.
 *
 * @param pin - name of the variable with the PIN, which the process gets by a message only
 */
export function environmentOfModule(
  env: NodeJS.ProcessEnv,
  named: readonly string[],
  pin?: string,
): NodeJS.ProcessEnv {
  const others = Object.fromEntries(Object.entries(env).filter(([name]) => name !== pin));
  const known = Object.keys(others).filter((name) => OF_LIBRARIES.some((form) => form.test(name)));
  return environmentOfCommand(others, [...known, ...named]);
}
