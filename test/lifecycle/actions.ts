import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { SOURCES, type Expiry, type ModelKey, type ModelMaterial } from './model';

const DAY = 86_400_000;

interface KeyAction {
  readonly kind:
    'stage' | 'rotate' | 'replace staged' | 'remove staged' | 'name by ID' | 'disable' | 'enable';
  readonly key: number;
}

/** An event between two updates. Numbers choose an existing key or material, modulo their count. */
export type Action =
  | KeyAction
  | {
      readonly kind: 'remove' | 'bring back' | 'rename' | 'lose';
      readonly key: number;
      readonly material: number;
    }
  | {
      readonly kind: 'expiry';
      readonly key: number;
      readonly material: number;
      readonly expiry: 'never' | 'fixed' | 'rolling';
      readonly days: number;
    }
  | {
      readonly kind: 'describe';
      readonly key: number;
      readonly material: number;
      readonly text: string | undefined;
    }
  | {
      readonly kind: 'move';
      readonly key: number;
      readonly material: number;
      readonly source: (typeof SOURCES)[number];
    }
  | { readonly kind: 'wait'; readonly days: number };

// Mostly the first key, which has a history.
const key = fc.constantFrom(0, 0, 0, 1);
const material = fc.nat({ max: 5 });
const of = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds);

/** Any action; those that need staged material or rotations come often enough to meet. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: of('stage', 'rotate'), key }) },
  { weight: 2, arbitrary: fc.record({ kind: of('replace staged', 'remove staged'), key }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: of('remove', 'bring back', 'rename', 'lose', 'lose'),
      key,
      material,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('expiry'),
      key,
      material,
      expiry: of('never', 'fixed', 'rolling'),
      days: fc.integer({ min: 2, max: 365 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('describe'),
      key,
      material,
      text: fc.constantFrom(undefined, 'one', 'two'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move'), key, material, source: of(...SOURCES) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: of('name by ID', 'disable', 'enable'), key }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait'), days: fc.integer({ min: 1, max: 300 }) }),
  },
);

/** Changes that are made outside of the program. */
export interface Others {
  readonly now: () => Date;
  lose(key: ModelKey, material: ModelMaterial): Promise<void>;
  /** Returns false for a key that lacks material, because it is neither enabled nor disabled. */
  setEnabled(key: ModelKey, isEnabled: boolean): Promise<boolean>;
  wait(milliseconds: number): void;
}

/** Carries out an action in KMS and in the program. Returns false if it was not possible. */
export async function act(
  keys: readonly ModelKey[],
  does: Action,
  others: Others,
): Promise<boolean> {
  if (does.kind === 'wait') {
    others.wait(does.days * DAY);
    // A date in the past is refused, so somebody writes a later one.
    for (const passed of keys.flatMap(({ materials }) => materials)) {
      const { expiry } = passed;
      if (expiry.kind === 'fixed' && expiry.validTo <= others.now()) {
        passed.expiry = { kind: 'fixed', validTo: new Date(others.now().getTime() + 30 * DAY) };
      }
    }
    return true;
  }
  const on = keys[does.key % keys.length]!;
  if ('material' in does) return actOnMaterial(on, pick(on.materials, does.material), does, others);
  return actOnKey(on, does, others);
}

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length]!;

async function actOnKey(on: ModelKey, { kind }: KeyAction, others: Others): Promise<boolean> {
  const { staged } = on;
  const canRotate = on.isComplete && !on.isDisabled && !on.isRotating;
  switch (kind) {
    case 'stage':
      if (!on.isSymmetric || staged !== undefined || on.isRestaged || !on.isComplete) return false;
      on.add();
      return true;
    case 'rotate':
      if (staged?.isDeclared !== true || !canRotate) return false;
      staged.isStaged = false;
      on.rotations += 1;
      on.isRotating = true;
      return true;
    case 'replace staged':
      if (staged === undefined || on.isRestaged) return false;
      on.isRestaged = true;
      staged.bytes = randomBytes(32);
      return true;
    case 'remove staged':
      if (staged === undefined || on.isRestaged) return false;
      on.isRestaged = true;
      on.materials = on.materials.filter((material) => material !== staged);
      return true;
    case 'name by ID':
      on.isNamedById = !on.isNamedById;
      return true;
    case 'disable':
    case 'enable':
      // The rotation of a disabled key is refused. Another test covers that.
      if (!on.isComplete || on.isRotating || on.isDisabled === (kind === 'disable')) return false;
      if (!(await others.setEnabled(on, kind === 'enable'))) return false;
      on.isDisabled = kind === 'disable';
      return true;
  }
}

async function actOnMaterial(
  on: ModelKey,
  chosen: ModelMaterial,
  does: Extract<Action, { readonly material: number }>,
  others: Others,
): Promise<boolean> {
  switch (does.kind) {
    case 'remove':
      // Material that a rotation names must stay. A disabled key must not lose its last material.
      if (
        chosen.isStaged ||
        on.isDisabled ||
        (on.rotations > 0 && chosen === on.permanent.at(-1))
      ) {
        return false;
      }
      chosen.isDeclared = false;
      return true;
    case 'bring back':
      if (chosen.isDeclared) return false;
      chosen.isDeclared = true;
      return true;
    case 'rename':
      if (chosen.isStaged && on.isRestaged) return false;
      on.isRestaged ||= chosen.isStaged;
      chosen.name = on.newName();
      return true;
    case 'lose':
      if (!chosen.isDeclared) return false;
      await others.lose(on, chosen);
      return true;
    case 'expiry':
      chosen.expiry = expiryOf(does, others.now());
      return true;
    case 'describe':
      if (!on.isSymmetric) return false;
      chosen.description = does.text;
      return true;
    case 'move':
      chosen.source = does.source;
      return true;
  }
}

function expiryOf(
  { expiry, days }: Extract<Action, { readonly kind: 'expiry' }>,
  now: Date,
): Expiry {
  if (expiry === 'never') return { kind: 'never' };
  if (expiry === 'rolling') return { kind: 'rolling', days };
  return { kind: 'fixed', validTo: new Date(now.getTime() + days * DAY) };
}
