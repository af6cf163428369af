import { annotateSecrets, markSecretOutputs, SecretSealer } from '../../src/engine/secrets';
import { markSecret, shownOutputs } from '../../src/engine/values';
import { OfflineStack, type RunReport } from '../../src/engine';
import { TemporaryStack } from './temporary-stack';

describe('when a program has secrets', () => {
  const stack = new TemporaryStack({
    config: {
      word: { value: 'open-sesame', secret: true },
      'other:word': 'not-hidden',
    },
    env: { GREETING: 'hello' },
    passphrase: 'correct horse',
  });
  let report: RunReport;

  beforeAll(async () => {
    stack.program(`
      const config = new pulumi.Config();
      const word = config.requireSecret('word');
      console.log('the word is', config.require('word'), process.env.GREETING);
      const thing = new Thing('thing', {
        value: 'v', hidden: word, list: ['a', pulumi.secret('list-secret')],
        deep: { open: 'deep-open', closed: pulumi.secret('deep-secret') },
      }, { additionalSecretOutputs: ['token'] });
      new Thing('configured', { mode: 'config' });
      class Provider extends pulumi.ProviderResource {}
      const provider = new Provider('pulumi-nodejs', 'separate', { 'trial:word': pulumi.secret('own') });
      new Thing('apart', { mode: 'config' }, { provider });
      exports.hidden = thing.hidden;
      exports.token = thing.token;
      exports.upper = thing.upper;
      exports.other = new pulumi.Config('other').require('word');
    `);
    report = await stack.up();
  });
  afterAll(() => {
    stack.remove();
  });

  it('gives the provider plain values', () => {
    const created = stack
      .callDetails()
      .find(([call, label]) => call === 'create' && label === 'thing');
    expect(created?.[2].inputs).toMatchObject({
      hidden: 'open-sesame',
      list: ['a', 'list-secret'],
      deep: { open: 'deep-open', closed: 'deep-secret' },
    });
  });

  it('gives the provider all of the configuration, and the program its own', () => {
    expect(stack.recorded('configured')?.outputs).toMatchObject({
      value: 'open-sesame/not-hidden',
    });
    expect(report.outputs).toMatchObject({ other: 'not-hidden' });
  });

  it('gives a provider of its own nothing but its own inputs', () => {
    expect(stack.recorded('apart')?.outputs).toMatchObject({ value: 'own/undefined' });
  });

  it('hides secrets in the outputs, those of additionalSecretOutputs as well', () => {
    expect(report.outputs).toMatchObject({ hidden: '[secret]', token: '[secret]', upper: 'V' });
  });

  it('hides the secrets of the configuration in what is printed', () => {
    expect(report.diagnostics).toContain('the word is [secret] hello');
  });

  it('writes none of them into the state in plain text', () => {
    const text =
      JSON.stringify(stack.recorded('thing')) + JSON.stringify(stack.recorded('default'));
    expect(text).toContain('deep-open');
    for (const secret of ['open-sesame', 'list-secret', 'deep-secret', 'token-of-thing']) {
      expect(text).not.toContain(secret);
    }
  });

  it('does not open them with another passphrase', async () => {
    const { dir: projectDir, stateFile } = stack;
    const stranger = new OfflineStack({ projectDir, stateFile, passphrase: 'wrong' });
    await expect(stranger.refresh()).rejects.toThrow('passphrase does not decrypt');
  });

  it('destroys all of it with the configuration in the state', async () => {
    stack.calls();
    const { dir: projectDir, stateFile } = stack;
    const withoutConfig = new OfflineStack({ projectDir, stateFile, passphrase: 'correct horse' });
    const destroyed = await withoutConfig.destroy();
    expect(destroyed).toMatchObject({ ok: true, summary: { delete: 4 } });
    expect(stack.calls()).toHaveLength(3);
  });
});

describe('when a provider returns what it was given', () => {
  it('marks a secret again under the same key, at any depth of objects', () => {
    const given = { a: markSecret(1), b: { c: markSecret(2), d: 3 }, gone: markSecret(4) };
    expect(annotateSecrets({ a: 1, b: { c: 2, d: 3 }, new: 5 }, given)).toEqual({
      a: markSecret(1),
      b: { c: markSecret(2), d: 3 },
      new: 5,
    });
  });

  it('makes a whole list secret for one secret in it', () => {
    expect(annotateSecrets({ list: [2, 1] }, { list: [1, markSecret(2)] })).toEqual({
      list: markSecret([2, 1]),
    });
  });

  it('marks nothing twice', () => {
    const given = { a: markSecret(1) };
    expect(annotateSecrets(given, given)).toEqual(given);
    expect(markSecretOutputs(given, given, ['a'])).toEqual(given);
  });
});

describe('when secrets are sealed', () => {
  it('keeps the ciphertext of what has not changed and opens it again', () => {
    const sealer = new SecretSealer('p');
    const properties = { a: markSecret({ b: ['c'] }), d: 'e' };
    const sealed = sealer.seal(properties);
    expect(sealer.seal(properties)).toEqual(sealed);
    expect(new SecretSealer('p', sealer.salt).open(sealed)).toEqual(properties);
  });
});

describe('when a value is shown', () => {
  it('names what is secret and what is unknown', () => {
    const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
    expect(shownOutputs({ a: markSecret(unknown), b: [unknown, 1, null] })).toEqual({
      a: '[secret]',
      b: ['[unknown]', 1, null],
    });
  });
});
