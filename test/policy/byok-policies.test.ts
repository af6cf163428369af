import { byokPolicies, exemptImportedKeys, type ByokPoliciesOptions } from '../../src/policy';
import { SOURCES } from '../../src/material/sources';
import { choiceOf, PRESETS, type PresetName } from '../../src/policy/presets';
import { RULES } from '../../src/policy/registry';

const given = (options: unknown) => () => byokPolicies(options as ByokPoliciesOptions);

describe('when policies are made of the rules', () => {
  it('there is one for each rule, with all that a pack shows of it', () => {
    const policies = byokPolicies();
    expect(policies.map(({ name }) => name)).toEqual(RULES.map(({ id }) => id));
    for (const { description, severity, remediationSteps, url, tags, configSchema } of policies) {
      for (const text of [description, severity, remediationSteps, url]) expect(text).toBeTruthy();
      expect(tags).toContain('byok');
      expect(Object.keys(configSchema!.properties)).toContain('except');
    }
  });

  it('the sources that a rule can allow are those that there are', () => {
    const policy = byokPolicies().find(({ name }) => name === 'byok-allowed-sources');
    expect(policy).toHaveProperty(
      'configSchema.properties.sources.items.enum',
      Object.keys(SOURCES),
    );
  });

  it.each(Object.keys(PRESETS) as PresetName[])(
    '%s allows a command that only wraps if it allows one that sees the material',
    (preset) => {
      const { settings } = choiceOf(preset, 'byok-allowed-sources');
      const { sources = Object.keys(SOURCES) } = settings as { sources?: readonly string[] };
      if (sources.includes('command')) expect(sources).toContain('wrapCommand');
    },
  );

  it('every setting has a description and a default', () => {
    for (const { configSchema } of byokPolicies()) {
      for (const schema of Object.values(configSchema!.properties)) {
        expect(schema.description).toBeTruthy();
        expect(schema.default).toBeDefined();
      }
    }
  });

  it('a preset that does not exist is refused', () => {
    expect(given({ preset: 'paranoid' })).toThrowWithCode('POLICY_CONFIG');
    expect(given({ preset: 'constructor' })).toThrowWithCode('POLICY_CONFIG');
  });

  it('an option that does not exist is refused', () => {
    expect(given({ rule: { 'byok-protect': 'mandatory' } })).toThrowWithCode('POLICY_CONFIG');
  });

  it('a rule that does not exist is refused, and the nearest is named', () => {
    const misspelt = given({ rules: { 'byok-protected': 'mandatory' } });
    expect(misspelt).toThrowWithCode('POLICY_CONFIG');
    expect(misspelt).toThrow(/byok-protect\b(?!ed)/);
  });

  it('a setting that does not exist is refused, and the nearest is named', () => {
    const misspelt = given({ rules: { 'byok-maximum-validity': { maxmum: '30d' } } });
    expect(misspelt).toThrowWithCode('POLICY_CONFIG');
    expect(misspelt).toThrow(/\bmaximum\b/);
  });

  it.each([
    ['an unknown level', { 'byok-protect': 'fatal' }],
    ['an unknown level beside settings', { 'byok-protect': { enforcementLevel: 'fatal' } }],
    ['an unknown setting', { 'byok-protect': { key: true } }],
    ['a setting of another type', { 'byok-protect': { keys: 'yes' } }],
    ['a value that is none of the choices', { 'byok-allowed-sources': { sources: ['memory'] } }],
    ['a number out of range', { 'byok-deletion-window': { minimumDays: 31 } }],
    ['a text that is no duration', { 'byok-maximum-validity': { maximum: 'a month' } }],
    ['a duration of nothing', { 'byok-maximum-validity': { maximum: '0d' } }],
    ['a configuration that is neither level nor settings', { 'byok-protect': 5 }],
    ['an exception that is no list', { 'byok-protect': { except: 'key' } }],
    ['a null in the place of a configuration', { 'byok-protect': null }],
    ['a list in the place of a configuration', { 'byok-protect': ['mandatory'] }],
    ['a null for a rule that does not exist', { x: null }],
    ['a level of nothing', { 'byok-protect': { enforcementLevel: null } }],
    ['a setting of nothing', { 'byok-maximum-validity': { maximum: null } }],
    ['a null in the place of the rules', null],
    ['a list in the place of the rules', ['byok-protect']],
    ['a text in the place of the rules', 'byok-protect'],
  ])('%s is refused', (_title, rules) => {
    expect(given({ rules })).toThrowWithCode('POLICY_CONFIG');
  });

  it.each([null, 'strict', ['strict'], 5])('%j is refused in the place of options', (options) => {
    expect(given(options)).toThrowWithCode('POLICY_CONFIG');
  });

  it('a rule or an option that is undefined is as if it were absent', () => {
    const given = { preset: undefined, rules: { 'byok-protect': undefined } };
    expect(byokPolicies(given)).toHaveLength(RULES.length);
    expect(byokPolicies({ rules: undefined })).toHaveLength(RULES.length);
  });

  it('the name of the rule that has a null is in the message', () => {
    expect(given({ rules: { 'byok-protect': null } })).toThrow(/byok-protect/);
  });
});

describe('when other policies are made to pass over imported keys', () => {
  it('those that are not named are the same', () => {
    const policy = { name: 'other', description: 'Other.', validateResource: () => undefined };
    expect(exemptImportedKeys([policy], ['rotation'])).toEqual([policy]);
  });

  it('the type that the SDK looks for stays on the function', () => {
    const validateResource = Object.assign(() => undefined, { __pulumiType: 'aws:kms/key:Key' });
    const [exempted] = exemptImportedKeys([
      { name: 'rotation', description: 'Rotation.', validateResource },
    ]);
    expect(exempted).toHaveProperty('validateResource.__pulumiType', 'aws:kms/key:Key');
  });
});
