/** Returns the environment of a package manager, with the certificates that jest.config.js takes from the others. */
export function registryEnvironment(): NodeJS.ProcessEnv {
  const { TEST_EXTRA_CA_CERTS: certificates, ...env } = process.env;
  return certificates === undefined ? env : { ...env, NODE_EXTRA_CA_CERTS: certificates };
}
