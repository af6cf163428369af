import { parseBundle, parseWrapped, type Bundle, type WrappedFile } from '../../material/bundle';
import { MATERIAL_LIMIT_BYTES } from '../../material/source';
import { readInput } from '../input-file';

/**
 * Reads a bundle.
 *
 * @throws {@link ByokError} `FILE_UNREADABLE`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`
 */
export function readBundle(path: string): Bundle {
  return parseBundle(readInput(path, '--bundle', MATERIAL_LIMIT_BYTES));
}

/**
 * Reads a wrapped file.
 *
 * @throws {@link ByokError} `FILE_UNREADABLE`, `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`
 */
export function readWrapped(path: string): WrappedFile {
  return parseWrapped(readInput(path, '--wrapped', MATERIAL_LIMIT_BYTES));
}
