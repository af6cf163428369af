import { defaultProviderGoal, initialState } from '../../src/engine/goal';
import { planStep, type InvalidResource } from '../../src/engine/plan';
import type { PluginHost } from '../../src/engine/plugin-process';
import { startPlugin } from '../../src/engine/plugins';
import { ProviderRegistry } from '../../src/engine/provider-registry';
import { markSecret, type Value } from '../../src/engine/values';

const urn = 'urn:pulumi:dev::trial::test:index:Thing::thing';
const unused = () => Promise.reject(new Error('starts nothing'));
const goal = {
  ...defaultProviderGoal('test:index:Thing', { value: 'v' }),
  type: 'test:index:Thing',
};

const refusal = async (property: string, value: Value): Promise<readonly string[]> => {
  const provider = Object.assign(new ProviderRegistry(unused), {
    check: () => Promise.resolve({ inputs: { value }, failures: [{ property, reason: 'no' }] }),
  });
  const planned = planStep({ goal, urn, old: undefined, provider, replaced: new Set() });
  return planned.then(
    () => [],
    (error: unknown) => (error as InvalidResource).reasons,
  );
};

describe('when a check fails', () => {
  it('prints no value when the failure names no property', async () => {
    expect(await refusal('', 'wrong')).toEqual([
      "test:index:Thing resource 'thing' has a problem: no",
    ]);
  });

  it('does not hide the leak of a failure that names a secret property', async () => {
    expect((await refusal('value', markSecret('wrong'))).join()).toContain('value &{{"wrong"}}');
  });
});

describe('when a resource has errors of its initialisation and nothing else', () => {
  const old = { ...initialState(goal, urn, goal.inputs), id: 'i', initErrors: ['not ready'] };
  const plan = (replaceOnChanges: string[]) =>
    planStep({
      goal: { ...goal, replaceOnChanges },
      urn,
      old,
      provider: new ProviderRegistry(unused),
      replaced: new Set(),
    });

  it('is updated, or replaced where any change replaces it', async () => {
    expect(await plan([])).toMatchObject({ operation: 'update' });
    expect(await plan(['*'])).toMatchObject({ operation: 'replace' });
  });
});

describe('when the resource that another is deleted with is replaced', () => {
  it('is replaced as well', async () => {
    const plan = await planStep({
      goal: { ...goal, deletedWith: 'the other' },
      urn,
      old: { ...initialState(goal, urn, goal.inputs), id: 'i' },
      provider: new ProviderRegistry(unused),
      replaced: new Set(['the other']),
    });
    expect(plan.operation).toBe('replace');
  });
});

describe('when a package has no plugin', () => {
  it('names the package', async () => {
    await expect(
      startPlugin('gcp', { project: { plugins: {} } } as unknown as PluginHost),
    ).rejects.toThrow('no plugin for the package gcp');
  });
});
