import type { InProcessStack } from '../support/in-process-stack';
import { differences } from './differences';
import type { Point, Recording, Stage } from './recording';

/** How a run was interrupted. */
export interface Interrupted {
  readonly point: Point;
  /** Whether the engine knows that the run failed. */
  readonly hasFailed: boolean;
  /** If KMS says that it does not know material, a deletion does not look for it again. */
  readonly isForgotten?: boolean;
}

/** Runs the same program again, and returns everything that is then wrong. Empty if all is as declared. */
export async function repair(
  { kms }: Stage,
  { scenario, world, points }: Recording,
  stack: InProcessStack,
  { point, hasFailed, isForgotten = false }: Interrupted,
): Promise<string[]> {
  const program = scenario.after(world);
  const found: string[] = [];
  if (scenario.refreshed === true) await stack.refresh();
  await stack.up(program);
  // A refresh shows how a rotation changed the material of other resources.
  await stack.refresh();
  kms.clearCalls();
  const steps = Object.values(await stack.up(program));
  if (steps.some((step) => step !== 'same')) found.push(`a further update: ${steps.join()}`);
  if (kms.calls.length > 0) found.push('a further update calls KMS');
  const outs = new Map([...stack.recorded].map(([name, life]) => [name, life.outs]));
  const mayBeEnabled = hasFailed && isBehindImport(points, point);
  const differing = await differences(scenario, world, outs, mayBeEnabled);
  return isForgotten ? found : [...found, ...differing];
}

const isBehindImport = (points: readonly Point[], { index }: Point): boolean =>
  index >= (points.find(({ operation }) => operation === 'ImportKeyMaterial')?.index ?? Infinity);
