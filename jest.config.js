const { join } = require('node:path');

// Loaded into the Node.js processes that tests start.
for (const name of ['compile-cache.js', 'load-later.js']) {
  const file = JSON.stringify(join(__dirname, 'test', 'support', name));
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --require ${file}`;
}
// Each Node.js process parses these certificates when it starts. Only package managers need them.
if (process.env.NODE_EXTRA_CA_CERTS !== undefined) {
  process.env.TEST_EXTRA_CA_CERTS = process.env.NODE_EXTRA_CA_CERTS;
  delete process.env.NODE_EXTRA_CA_CERTS;
}
// The CLI of Pulumi makes much garbage when it starts, and soon ends.
process.env.GOGC ??= '400';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/test',
    '<rootDir>/packages/embedded-kms/test',
    '<rootDir>/packages/pulumi-offline-engine/test',
  ],
  testMatch: ['**/*.test.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // A dynamic import names the compiled file; everything else has no extension.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^(embedded-kms|pulumi-offline-engine)$': '<rootDir>/packages/$1/src/index.ts',
    '^\\./debuggable$': '<rootDir>/test/support/debuggable.js',
    '/typescript-shim$|^@npmcli/arborist$': '<rootDir>/test/support/not-loaded.js',
  },
  modulePathIgnorePatterns: [
    '<rootDir>/dist',
    '<rootDir>/packages/.*/dist',
    '<rootDir>/node_modules/(pulumi-kms-byok|embedded-kms|pulumi-offline-engine)',
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  setupFilesAfterEnv: [
    '<rootDir>/test/support/matchers.ts',
    '<rootDir>/test/support/shared-rsa-pairs.ts',
    '<rootDir>/test/support/seen-codes.ts',
    '<rootDir>/test/support/stop-behind-tests.ts',
  ],
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.js'],
  testSequencer: '<rootDir>/test/support/sequencer.js',
  // Properties take it: --seed repeats what failed.
  showSeed: true,
  // Most of the time is spent in child processes.
  maxWorkers: 2,
  testTimeout: 60_000,
};
