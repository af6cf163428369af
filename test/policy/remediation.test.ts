import { PolicyProcess, UNKNOWN } from '../support/policy-process';
import { externalKey, material } from './shown';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
});

afterAll(async () => {
  await pack.stop();
});

const secret = {
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value: 's',
};

describe('when weak wrapping is replaced', () => {
  it.each([
    ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'],
  ])('%s becomes %s', async (weak, strong) => {
    expect(await pack.remediate(material({ wrappingAlgorithm: weak }))).toMatchObject({
      wrappingAlgorithm: strong,
    });
  });

  it('everything else stays as it was, secrets and unknown values too', async () => {
    const resource = material({
      wrappingKeySpec: 'RSA_2048',
      keyId: UNKNOWN,
      keyMaterialDescription: secret,
    });
    expect(await pack.remediate(resource)).toEqual({
      ...resource.props,
      wrappingKeySpec: 'RSA_4096',
    });
  });

  it('strong wrapping, none and other resources are left alone', async () => {
    expect(await pack.remediate(material())).toBeUndefined();
    expect(await pack.remediate(material({ wrappingKeySpec: 'RSA_3072' }))).toBeUndefined();
    expect(await pack.remediate(externalKey({ wrappingKeySpec: 'RSA_2048' }))).toBeUndefined();
  });

  it('an exception is left alone', async () => {
    const level = { enforcementLevel: 'remediate' as const };
    await pack.configure({ 'byok-wrapping-strength': { ...level, except: ['material'] } });
    expect(await pack.remediate(material({ wrappingKeySpec: 'RSA_2048' }))).toBeUndefined();
  });

  it('a replaced wrapping is no longer a violation', async () => {
    await pack.configure({ 'byok-wrapping-strength': { enforcementLevel: 'remediate' } });
    const props = await pack.remediate(material({ wrappingKeySpec: 'RSA_2048' }));
    expect(await pack.analyze(material(props))).toEqual([]);
  });
});
