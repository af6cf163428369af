import {
  assertWrappedId,
  parseBundle,
  parseWrapped,
  type Bundle,
  type WrappedFile,
} from '../../material/bundle';
import { MATERIAL_LIMIT_BYTES } from '../../material/source';
import { WrappedMaterial } from '../../material/wrapped-material';
import { readInput } from '../input-file';
import type { Io } from '../io';

/**
 * Reads a bundle.
 *
 * @throws {@link ByokError} `FILE_ACCESS`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`
 */
export function readBundle(path: string): Bundle {
  return parseBundle(readInput(path, '--bundle', MATERIAL_LIMIT_BYTES));
}

/**
 * Reads a bundle and the file that was wrapped for it.
 *
 * @throws {@link ByokError} `FILE_ACCESS`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`, `BUNDLE_MISMATCH`,
 * `WRAPPED_LENGTH`
 */
export function readPair(options: { readonly bundle: string; readonly wrapped: string }): {
  readonly bundle: Bundle;
  readonly wrapped: WrappedFile;
} {
  const bundle = readBundle(options.bundle);
  const wrapped = parseWrapped(readInput(options.wrapped, '--wrapped', MATERIAL_LIMIT_BYTES));
  new WrappedMaterial(bundle, wrapped).close();
  return { bundle, wrapped };
}

/** A bundle, and the id of the file that was wrapped for it. */
export interface CeremonyFiles {
  readonly bundle: Bundle;
  readonly id: string | undefined;
}

/**
 * Reads a bundle and the file that was wrapped for it, and checks the file against the id that a person gives,
 * in the option or at the terminal. The id in the file itself proves nothing.
 *
 * @throws {@link ByokError} `FILE_ACCESS`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`, `BUNDLE_MISMATCH`,
 * `WRAPPED_LENGTH`, `WRAPPED_ID`
 */
export async function readCeremonyFiles(
  options: { readonly bundle: string; readonly wrapped: string; readonly wrappedId?: string },
  io: Io,
): Promise<CeremonyFiles> {
  const { bundle, wrapped } = readPair(options);
  const question = 'wrapped id, as the people who wrapped read it to you: ';
  const id = options.wrappedId ?? (await io.ask?.(question))?.trim();
  assertWrappedId(wrapped, id);
  return { bundle, id };
}
