import { byokPolicies, exemptImportedKeys, type ByokPoliciesOptions } from '../../src/policy';
import { SOURCES } from '../../src/material/sources';
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
  ])('%s is refused', (_title, rules) => {
    expect(given({ rules })).toThrowWithCode('POLICY_CONFIG');
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
