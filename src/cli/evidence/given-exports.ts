import { createHash } from 'node:crypto';
import { shown } from '../../domain/service-text';
import {
  EXPORT_LIMIT_BYTES,
  parseStackExport,
  resourcesOf,
  type ExportedResource,
} from '../adoption/stack-export';
import { readBytes } from '../input-file';
import { isAtLeast } from '../version';
import type { StackEvidence } from './evidence';

/** A stack export that the user gave. */
export interface GivenExport {
  readonly resources: readonly ExportedResource[];
  /** Whether a resource without a list of ignoreChanges ignores none; otherwise nobody recorded it. */
  readonly recordsIgnoreChanges: boolean;
  readonly evidence: StackEvidence;
}

/**
 * Reads stack exports.
 *
 * @throws {@link ByokError} `FILE_ACCESS`, `STACK_EXPORT`
 */
export function readExports(paths: readonly string[]): readonly GivenExport[] {
  return paths.map((path) => {
    const bytes = readBytes(path, '--stack-export', EXPORT_LIMIT_BYTES);
    const document = parseStackExport(bytes.toString('utf8'));
    const resources = resourcesOf(document);
    return {
      resources,
      recordsIgnoreChanges: recordsIgnoreChanges(document.deployment.manifest),
      evidence: {
        sha256: createHash('sha256').update(bytes).digest('hex'),
        stacks: [...new Set(resources.map(({ urn }) => stackOf(urn)))].sort(),
        resources: resources.length,
      },
    };
  });
}

// sdk/go/common/apitype/core.go of pulumi/pulumi 3.206 has the list, and leaves an empty one out.
function recordsIgnoreChanges(manifest: unknown): boolean {
  const { version } = (manifest ?? {}) as { readonly version?: unknown };
  return isAtLeast(String(version), '3.206.0');
}

// urn:pulumi:STACK::PROJECT::TYPES::NAME
function stackOf(urn: string): string {
  const [stack = '', project = ''] = urn.split('::');
  return shown(`${project}/${stack.replace(/^urn:pulumi:/, '')}`);
}
