import { assertSymmetric } from '../../domain/import-plan';
import { chooseWrapping, importableKeySpec } from '../../domain/key-specs';
import type { KnownInputs } from './inputs';

/**
 * Checks that the other inputs fit the declared key spec.
 *
 * @throws {@link ByokError} `KEY_SPEC_UNSUPPORTED`, `WRAPPING_UNSUPPORTED`, `SYMMETRIC_ONLY`
 */
export function checkKeySpec(known: KnownInputs, region: string | undefined): void {
  const keySpec = importableKeySpec(known.keySpec ?? '');
  chooseWrapping(keySpec, known, region);
  assertSymmetric(keySpec, known);
}
