import type { SourceReference } from '../material/source-reference';
import { needsUnexpiredToken } from '../material/wrapped-material';
import type { UNKNOWN } from './unknown';

/**
 * Refuses a source that cannot be imported from at this time, before anything is called.
 *
 * @throws {@link ByokError} `BUNDLE_EXPIRED`
 */
export function needsImportableSource(source: SourceReference | typeof UNKNOWN, now: Date): void {
  if (typeof source === 'object' && source.kind === 'wrapped') {
    needsUnexpiredToken(source.parametersValidTo, now);
  }
}
