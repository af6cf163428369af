import { materialsOf } from '../../packages/embedded-kms/test/support/kms-key';
import type { Scenario } from './scenario';
import type { World } from './world';

/** Compares the program, the state and KMS, and returns where they differ. */
export async function differences(
  scenario: Scenario,
  world: World,
  recorded: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  mayBeEnabled: boolean,
): Promise<string[]> {
  const found: string[] = [];
  const compare = (what: string, is: unknown, declared: unknown): void => {
    if (is !== declared) found.push(`${what}: ${String(is)} instead of ${String(declared)}`);
  };
  const program = scenario.after(world);
  compare('resources', [...recorded.keys()].sort().join(), Object.keys(program).sort().join());
  const picture = (await world.picture()).join('\n');
  const allowed = [scenario.expected, ...(mayBeEnabled ? [scenario.leftEnabled] : [])];
  if (!allowed.some((lines) => lines?.join('\n') === picture)) {
    compare('KMS', picture, scenario.expected.join('\n'));
  }
  for (const [name, { class: kind, args }] of Object.entries(program)) {
    const outs = recorded.get(name) ?? {};
    const keyArn = outs.keyArn as string;
    compare(`${name}.keyArn`, keyArn, args.keyId);
    if (outs.keyMaterialId === undefined) {
      compare(`${name}.importState`, outs.importState, 'IMPORTED');
      continue;
    }
    const material = (await materialsOf(world.clientFor(keyArn), keyArn)).find(
      ({ KeyMaterialId }) => KeyMaterialId === outs.keyMaterialId,
    );
    compare(`${name}.keyMaterialState`, outs.keyMaterialState, material?.KeyMaterialState);
    if (kind === 'OnDemandRotation') continue;
    const validTo = material?.ValidTo?.toISOString().replace('.000Z', 'Z');
    compare(`${name}.importState`, outs.importState, 'IMPORTED');
    compare(`${name}.validTo`, outs.validTo, validTo);
    if (args.validTo !== undefined) compare(`${name}.validTo in KMS`, validTo, args.validTo);
    if (args.validFor !== undefined) {
      const days = (Date.parse(validTo ?? '') - world.now().getTime()) / 86_400_000;
      compare(`${name}.validFor`, `${Math.round(days)}d`, args.validFor);
    }
  }
  return found;
}
