import { assert } from '../../errors';
import type { ImportedResource } from './adopt-material';
import type { ExportedResource } from './stack-export';

/** A resource of an import file, with the members that other tools may add. */
export interface ImportSpec extends Partial<ImportedResource> {
  /** Key of `nameTable`, or name of a resource of the file. */
  readonly parent?: string;
  /** Key of `nameTable`, or name of a resource of the file. */
  readonly provider?: string;
}

/** A file for `pulumi import --file`. */
export interface ImportFile {
  /** URNs of resources that are in the state. */
  readonly nameTable?: Readonly<Record<string, string>>;
  readonly resources: readonly ImportSpec[];
}

/** Returns the text of a file for `pulumi import --file`. */
export function importFileText(file: ImportFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * Checks an import file by the rules of the engine (`parseImportFile`, pkg/cmd/pulumi/operations/import.go, and
 * `importResources`, pkg/resource/deploy/import.go of pulumi/pulumi) before it is
 * written. The engine applies them only after `pulumi stack import` has changed the state.
 *
 * @param state - the resources that the state will have
 * @throws {@link ByokError} `STACK_EXPORT`
 */
export function assertImportable(file: ImportFile, state: readonly ExportedResource[]): void {
  const { nameTable = {}, resources } = file;
  const live = new Map(
    state.filter((one) => one.delete !== true).map((one) => [one.urn, one] as const),
  );
  for (const [name, urn] of Object.entries(nameTable)) {
    refuseUnless(live.has(urn), `the state does not have ${name} of nameTable`);
  }
  const [anyUrn = 'urn:pulumi:stack::project'] = [...live.keys(), ...Object.values(nameTable)];
  const urnBehind = urnsByName(file, anyUrn);
  const taken = new Set(Object.values(nameTable));
  for (const [index, spec] of resources.entries()) {
    const { type = '', name = '', id = '', parent, provider } = spec;
    const about = name === '' ? `resource ${index}` : name;
    refuseUnless(type !== '', `${about} has no type`);
    refuseUnless(name !== '', `${about} has no name`);
    refuseUnless(id !== '', `${about} has no ID`);
    if (provider !== undefined) {
      const isProvider = typeOf(urnBehind(provider, about)).startsWith('pulumi:providers:');
      refuseUnless(
        isProvider,
        `${provider}, the provider of ${about}, is another kind of resource`,
      );
    }
    const parentUrn = parent === undefined ? undefined : urnBehind(parent, about);
    const urn = urnOf(anyUrn, parentUrn, type, name);
    refuseUnless(!taken.has(urn), `the file has ${about} twice`);
    taken.add(urn);
    const existing = live.get(urn);
    refuseUnless(
      existing === undefined || existing.id === id,
      `the state already has ${urn}, with another ID`,
    );
  }
}

// Finds the URN of a name, in nameTable or in the file itself.
function urnsByName({ nameTable = {}, resources }: ImportFile, anyUrn: string) {
  const urnBehind = (name: string, about: string, below: readonly string[] = []): string => {
    const known = nameTable[name];
    if (known !== undefined) return known;
    const [found, another] = resources.filter((one) => one.name === name);
    refuseUnless(found !== undefined, `${about} needs ${name}, which the file does not have`);
    refuseUnless(
      another === undefined,
      `${about} needs ${name}, and several resources have that name`,
    );
    refuseUnless(!below.includes(name), `${about} is its own ancestor`);
    const { parent, type = '' } = found;
    const parentUrn = parent === undefined ? undefined : urnBehind(parent, about, [...below, name]);
    return urnOf(anyUrn, parentUrn, type, name);
  };
  return urnBehind;
}

// urn:pulumi:STACK::PROJECT::TYPES::NAME, where TYPES are those of all parents but the stack.
function urnOf(anyUrn: string, parent: string | undefined, type: string, name: string): string {
  const [stack = '', project = ''] = anyUrn.split('::');
  const outer = parent?.split('::')[2] ?? 'pulumi:pulumi:Stack';
  const types = outer === 'pulumi:pulumi:Stack' ? type : `${outer}$${type}`;
  return [stack, project, types, name].join('::');
}

function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').at(-1) ?? '';
}

function refuseUnless(condition: boolean, wrong: string): asserts condition {
  assert(
    condition,
    'STACK_EXPORT',
    `pulumi import would refuse the import file, because ${wrong}: nothing was written`,
  );
}
