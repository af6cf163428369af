import * as pulumi from '@pulumi/pulumi';
import { createHash } from 'node:crypto';
import { ImportedKeyMaterial } from '../../src/resources/imported-key-material';
import { PROVIDER_TEXTS } from '../../src/domain/provider-text';

const SECRET_SIGNATURE = '4dabf18193072939515e22adb298388d';
const MATERIAL = Buffer.alloc(32, 5).toString('base64');
const registered: pulumi.runtime.MockResourceArgs[] = [];

const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

async function mocks(preview: boolean): Promise<void> {
  registered.length = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.push(args);
        return {
          id: `${args.name}-id`,
          state: {
            ...(args.inputs as object),
            keyState: 'Enabled',
            validTo: '2027-01-01T00:00:00Z',
          },
        };
      },
      call: () => ({}),
    },
    'project',
    'stack',
    preview,
  );
}

describe('when the resource is registered', () => {
  beforeEach(() => mocks(false));

  it('the type and the provider text are what old state has, byte for byte', async () => {
    const resource = new ImportedKeyMaterial('a', { keyId: 'k', material: { inline: MATERIAL } });
    await resolved(resource.urn);
    const [first] = registered as [pulumi.runtime.MockResourceArgs];
    expect(first.type).toBe('pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial');
    expect((first.inputs as Record<string, unknown>).__provider).toBe(
      'exports.handler=()=>require("pulumi-kms-byok/provider").provider;',
    );
    expect(createHash('sha256').update(PROVIDER_TEXTS.ImportedKeyMaterial).digest('hex')).toBe(
      'c019b2b79545da39cf51cb72147a754aeb2d8a51989d9021b9f3a1b15bb3d362',
    );
  });

  it.each([
    ['plain', { inline: MATERIAL }],
    ['an output', { inline: pulumi.output(MATERIAL) }],
    ['an output as a whole', pulumi.output({ inline: MATERIAL })],
    ['secret already', { inline: pulumi.secret(MATERIAL) }],
    ['a file', { file: 'material.bin' }],
  ])('material that is %s travels as a secret', async (_what, material) => {
    const resource = new ImportedKeyMaterial('a', { keyId: 'k', material });
    await resolved(resource.urn);
    const sent = registered[0]!.inputs as { readonly material: Record<string, unknown> };
    expect(Object.keys(sent.material)).toContain(SECRET_SIGNATURE);
  });

  it('the outputs are there, and the material is not among them', async () => {
    const resource = new ImportedKeyMaterial('a', { keyId: 'k', material: { inline: MATERIAL } });
    expect(await resolved(resource.keyState)).toBe('Enabled');
    expect(await resolved(resource.validTo)).toBe('2027-01-01T00:00:00Z');
    expect(resource).not.toHaveProperty('material');
  });

  it('instances are recognised, also those of another copy of the package', async () => {
    const resource = new ImportedKeyMaterial('a', { keyId: 'k', material: { inline: MATERIAL } });
    await resolved(resource.urn);
    expect(ImportedKeyMaterial.isInstance(resource)).toBe(true);
    const foreign = { __pulumiType: 'pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial' };
    expect(ImportedKeyMaterial.isInstance(foreign)).toBe(true);
    expect(ImportedKeyMaterial.isInstance({})).toBe(false);
    expect(ImportedKeyMaterial.isInstance(undefined)).toBe(false);
  });

  it('the import option is refused, for the engine cannot do it', () => {
    const args = { keyId: 'k', material: { inline: MATERIAL } };
    expect(() => new ImportedKeyMaterial('a', args, { import: 'id' })).toThrowWithCode(
      'IMPORT_OPTION',
    );
  });

  it.each([
    ['text', MATERIAL],
    ['secret text', pulumi.secret(MATERIAL)],
    ['null', null],
    ['nothing', undefined],
  ])('material that is %s throws nothing that quotes it', async (_what, material) => {
    const thrown: unknown[] = [];
    const keep = (error: unknown): void => void thrown.push(error);
    process.on('unhandledRejection', keep);
    const resource = new ImportedKeyMaterial('a', { keyId: 'k', material: material as never });
    await resolved(resource.urn);
    process.off('unhandledRejection', keep);
    expect(thrown.map(String).join()).not.toContain(MATERIAL.slice(0, 12));
    expect(thrown).toEqual([]);
  });

  it('get reads by the ID and declares nothing', async () => {
    const resource = ImportedKeyMaterial.get('a', 'arn/material');
    await resolved(resource.urn);
    expect(registered[0]!.id).toBe('arn/material');
    expect(Object.keys(registered[0]!.inputs as object)).toEqual(['__provider']);
  });
});

describe('when a preview creates the resource', () => {
  it('what KMS will say is unknown, and what is declared is known', async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ inputs }) => ({ id: undefined, state: inputs as object }),
        call: () => ({}),
      },
      'project',
      'stack',
      true,
    );
    const resource = new ImportedKeyMaterial('a', {
      keyId: 'k',
      material: { inline: MATERIAL },
      validTo: '2027-01-01T00:00:00Z',
    });
    const known = (output: pulumi.Output<unknown>): Promise<boolean> =>
      (output as unknown as { isKnown: Promise<boolean> }).isKnown;
    expect(await known(resource.keyArn)).toBe(false);
    expect(await known(resource.importReceipt)).toBe(false);
    expect(await known(resource.validTo)).toBe(true);
  });
});

describe('when inline material is a value of the stack configuration', () => {
  it.each([
    ['is warned of', MATERIAL, 1],
    ['other material is not', Buffer.alloc(32, 6).toString('base64'), 0],
  ])('it %s', async (_what, inline, warnings) => {
    await mocks(false);
    pulumi.runtime.setConfig('project:material', MATERIAL);
    const warn = jest.spyOn(pulumi.log, 'warn').mockResolvedValue();
    const resource = new ImportedKeyMaterial('a', {
      keyId: 'k',
      material: { inline: pulumi.secret(inline) },
    });
    await resolved(resource.urn);
    expect(warn).toHaveBeenCalledTimes(warnings);
    for (const [message] of warn.mock.calls) expect(message).not.toContain(MATERIAL);
    warn.mockRestore();
  });
});

describe('when an error is thrown while the resource is registered', () => {
  beforeEach(() => mocks(false));

  const thrown = (onRegistration = (): void => undefined): Error => {
    const transformations = [
      (): undefined => {
        onRegistration();
        throw new Error('from a transformation');
      },
    ];
    try {
      new ImportedKeyMaterial(
        'a',
        { keyId: 'k', material: { inline: MATERIAL } },
        { transformations },
      );
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  };

  it('its stack says where it was thrown', () => {
    expect(thrown().stack).toContain('imported-key-material.test.ts');
  });

  it('errors have as much of their stack as before, then and later', () => {
    const before = Error.stackTraceLimit;
    const limits: number[] = [];
    thrown(() => limits.push(Error.stackTraceLimit));
    expect([...limits, Error.stackTraceLimit]).toEqual([before, before]);
  });
});
