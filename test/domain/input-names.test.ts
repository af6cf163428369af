import { listNames, optionNames } from '../../src/domain/input-names';
import { SOURCE_KINDS } from '../../src/domain/source-kinds';

describe('when a message is for the command line', () => {
  const renamed = optionNames(['keyId', 'wrappingAlgorithm']);

  // The texts are parts of messages.
  it.each([
    ['set connection.region, aws:region', 'set --region'],
    ['Correct connection.endpoint, aws:endpoints', 'Correct --endpoint-url'],
    [
      'check the profile, the environment and the role that the connection names',
      'check --profile and the environment',
    ],
    ['material.pkcs11.pin.file is empty', '--pin is empty'],
    ['name its source in pin', 'name its source in --pin'],
    ['give tokenLabel, tokenSerial or slot', 'give --token'],
    ['the token that tokenLabel, tokenSerial or slot names', 'the token that --token names'],
    ['give keyLabel or keyId', 'give --key'],
    ['a key that keyLabel and keyId name: correct them', 'a key that --key names: correct it'],
    ['the module of material.pkcs11.module', 'the module of --pkcs11'],
    ['material.encoding is wrong', '--encoding is wrong'],
    ['material.passphrase.env is empty', '--passphrase is empty'],
    ['material is empty', '--material is empty'],
    ['correct wrappingAlgorithm', 'correct --wrapping-algorithm'],
    ['timed out: raise timeouts, or run the update again', 'timed out: run the command again'],
    ['it failed: run the update again', 'it failed: run the command again'],
  ])('"%s" is "%s"', (message, expected) => {
    expect(renamed(message)).toBe(expected);
  });

  it.each([
    ['several tokens of this name: add tokenSerial or slot', /^several.*--material \{"pkcs11"/],
    [
      'keys that keyLabel and keyId name, and exactly one is expected: give both, or rename the other keys',
      /^keys that --key names, .* rename the other keys$/,
    ],
    [
      'it cannot wrap by A, but by B or C: name one of these as wrappingAlgorithm, or leave it out',
      /but by B or C: .*kms-byok params --wrapping-algorithm B$/,
    ],
  ])('"%s" says what an option can do', (message, expected) => {
    expect(renamed(message)).toMatch(expected);
  });
});

describe('when a message is for an ImportedKey', () => {
  const renamed = listNames({ of: 'root', place: 1 });

  it.each([...SOURCE_KINDS, 'encoding', 'passphrase', 'showStderr'])(
    'material.%s is named by its place in the list',
    (member) => {
      expect(renamed(`correct material.${member}, or leave it out`)).toBe(
        `correct materials[1].${member} of root, or leave it out`,
      );
    },
  );
});
