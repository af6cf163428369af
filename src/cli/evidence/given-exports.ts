import { createHash } from 'node:crypto';
import { shown } from '../../domain/service-text';
import {
  EXPORT_LIMIT_BYTES,
  parseStackExport,
  resourcesOf,
  type ExportedResource,
} from '../adoption/stack-export';
import { readBytes } from '../input-file';
import type { StackEvidence } from './evidence';

/** A stack export that the user gave. */
export interface GivenExport {
  readonly resources: readonly ExportedResource[];
  readonly evidence: StackEvidence;
}

/**
 * Reads stack exports.
 *
 * @throws {@link ByokError} `FILE_UNREADABLE`, `STACK_EXPORT`
 */
export function readExports(paths: readonly string[]): readonly GivenExport[] {
  return paths.map((path) => {
    const bytes = readBytes(path, '--stack-export', EXPORT_LIMIT_BYTES);
    const resources = resourcesOf(parseStackExport(bytes.toString('utf8')));
    return {
      resources,
      evidence: {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        stacks: [...new Set(resources.map(({ urn }) => stackOf(urn)))].sort(),
        resources: resources.length,
      },
    };
  });
}

// urn:pulumi:STACK::PROJECT::TYPES::NAME
function stackOf(urn: string): string {
  const [stack = '', project = ''] = urn.split('::');
  return shown(`${project}/${stack.replace(/^urn:pulumi:/, '')}`);
}
