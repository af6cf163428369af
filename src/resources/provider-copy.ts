import * as pulumi from '@pulumi/pulumi';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { copyIn, differenceOf, fitOf, PACKAGE, type PackageCopy } from '../domain/package-copy';
import { ByokError, type ByokErrorCode } from '../errors';
import { ofResource } from './resource-error';

const OWN_FOLDER = join(__dirname, '..', '..');
/** Entry of the SDK that runs a program in the folder of its provider process. */
const ENTRY = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run(?:[\\/]index\.js)?$/;
// Read before the program can change it.
const PROGRAM_FOLDER = process.cwd();

interface Refusal {
  readonly code: ByokErrorCode;
  readonly sentence: string;
}

let checked: { readonly refusal: Refusal | undefined } | undefined;

/**
 * Checks once that the provider process will find this package from the folder of the program, in a version that can
 * serve this copy. Warns of another version. Under mocks and in an inline program of the Automation API it checks
 * nothing, because the provider process has another folder there, or does not exist.
 *
 * @throws {@link ByokError} `PACKAGE_MISSING`, `PACKAGE_VERSION`
 */
export function assertProviderFindsPackage(): void {
  if (!ENTRY.test(process.argv[1] ?? '')) return;
  checked ??= { refusal: compareCopies(copyOfProvider()) };
  const { refusal } = checked;
  if (refusal === undefined) return;
  ofResource(undefined, () => {
    throw new ByokError(refusal.code, refusal.sentence);
  });
}

function copyOfProvider(): PackageCopy | undefined {
  // The same folders as in the provider process. From node_modules, no package finds itself by its own name.
  const fromProgram = createRequire(join(PROGRAM_FOLDER, 'node_modules', 'none.js'));
  let manifest: string;
  try {
    manifest = fromProgram.resolve(`${PACKAGE}/package.json`);
  } catch {
    return undefined;
  }
  return copyIn(dirname(manifest));
}

function compareCopies(run: PackageCopy | undefined): Refusal | undefined {
  if (run?.folder === OWN_FOLDER) return undefined;
  const used = copyIn(OWN_FOLDER);
  if (run === undefined) {
    return {
      code: 'PACKAGE_MISSING',
      sentence: `the provider process requires ${PACKAGE} from ${PROGRAM_FOLDER} and does not find it there, but the program uses the copy in ${OWN_FOLDER}: add it to the dependencies of the program itself (npm install ${PACKAGE}@${used.version})`,
    };
  }
  const fit = fitOf(used, run);
  if (fit === 'incompatible') {
    return {
      code: 'PACKAGE_VERSION',
      sentence: `${differenceOf(used, run)}, which has another major version or another layout of the state: install one version for the program and its dependencies`,
    };
  }
  if (fit === 'another version') {
    void pulumi.log.warn(
      `${differenceOf(used, run)}: install one version for the program and its dependencies, so that the provider knows every input of the program`,
    );
  }
  return undefined;
}
