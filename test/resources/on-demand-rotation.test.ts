import * as pulumi from '@pulumi/pulumi';
import { createHash } from 'node:crypto';
import { PROVIDER_TEXTS } from '../../src/domain/provider-text';
import { OnDemandRotation } from '../../src/resources/on-demand-rotation';

const registered: pulumi.runtime.MockResourceArgs[] = [];

const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply(resolve));

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.push(args);
        return {
          id: 'key-arn',
          state: { ...(args.inputs as object), currentKeyMaterialId: 'b', rotationsRemaining: 24 },
        };
      },
      call: () => ({}),
    },
    'project',
    'stack',
    false,
  );
});

describe('when the rotation is registered', () => {
  it('the type and the provider text are what old state has, byte for byte', async () => {
    await resolved(new OnDemandRotation('a', { keyId: 'k', keyMaterialId: 'b' }).urn);
    expect(registered[0]!.type).toBe('pulumi-nodejs:dynamic/kms-byok:OnDemandRotation');
    expect(registered[0]!.inputs).toEqual({
      keyId: 'k',
      keyMaterialId: 'b',
      __provider: 'exports.handler=()=>require("pulumi-kms-byok/provider").rotationProvider;',
    });
    expect(createHash('sha256').update(PROVIDER_TEXTS.OnDemandRotation).digest('hex')).toBe(
      '2e1466c10aeea39f47d3692b5752eddaee0f567da82aa754949e5ccd0b030b5b',
    );
  });

  it('the rotation before it is sent as what it says of the key', async () => {
    const after = new OnDemandRotation('a', { keyId: 'k', keyMaterialId: 'b' });
    const next = new OnDemandRotation('b', { keyId: 'k', keyMaterialId: 'c', after });
    await resolved(next.urn);
    expect(registered[1]!.inputs).toMatchObject({
      after: { currentKeyMaterialId: 'b', rotationsRemaining: 24 },
    });
    expect(next).not.toHaveProperty('after');
  });

  it('instances are recognised, also those of another copy of the package', () => {
    const foreign = { __pulumiType: 'pulumi-nodejs:dynamic/kms-byok:OnDemandRotation' };
    expect(OnDemandRotation.isInstance(foreign)).toBe(true);
    expect(OnDemandRotation.isInstance({})).toBe(false);
    expect(OnDemandRotation.isInstance(undefined)).toBe(false);
  });

  it('the import option is refused, for the engine cannot do it', () => {
    expect(
      () => new OnDemandRotation('a', { keyId: 'k', keyMaterialId: 'b' }, { import: 'id' }),
    ).toThrowWithCode('IMPORT_OPTION');
  });

  it('get reads by the ARN of the key and declares nothing', async () => {
    await resolved(OnDemandRotation.get('a', 'key-arn').urn);
    expect(registered[0]!.id).toBe('key-arn');
    expect(Object.keys(registered[0]!.inputs as object)).toEqual(['__provider']);
  });
});
