import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OfflineStack } from 'pulumi-offline-engine';
import { startKms } from 'embedded-kms';
import { AWS_ENVIRONMENT, configFor } from '../support/aws-program';
import { clientOf, createKey, works } from '../../packages/embedded-kms/test/support/kms-key';
import { ProjectFolder } from '../support/project-folder';

jest.setTimeout(120_000);

// Resolves as if the package were not installed, in the program and in the provider.
const BLOCK = `
const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request.startsWith('@pulumi/aws')) {
    throw Object.assign(new Error('Cannot find module ' + request), { code: 'MODULE_NOT_FOUND' });
  }
  return resolve.call(this, request, ...rest);
};
`;

describe('when @pulumi/aws is not installed', () => {
  it('ImportedKeyMaterial works, and ImportedKey says what to install', async () => {
    const kms = await startKms();
    const client = clientOf(kms);
    const keyId = await createKey(client);
    const project = new ProjectFolder();
    const material = { file: project.write('material.bin', randomBytes(32)) };
    project.write('block.cjs', BLOCK);
    const stack = new OfflineStack({
      projectDir: project.programFolder,
      stateFile: join(project.engineFolder, 'state.json'),
      config: configFor(kms),
      env: {
        ...AWS_ENVIRONMENT,
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${join(project.programFolder, 'block.cjs')}`,
      },
    });
    project.declare({ root: { args: { keyId, material } } });
    expect((await stack.up()).diagnostics).toEqual([]);
    expect(await works(client, keyId)).toBe(true);
    project.write(
      'index.js',
      `Error.stackTraceLimit = 1;
       const { ImportedKey } = require('pulumi-kms-byok');
       new ImportedKey('root', { materials: [{ file: 'material.bin' }] });`,
    );
    expect((await stack.preview()).diagnostics.join()).toContain('[PACKAGE_MISSING]');
    client.destroy();
    project.remove();
    await kms.close();
  });
});
