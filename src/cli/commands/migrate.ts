import { rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { parseKeyReference } from '../../domain/identifiers';
import { ByokError, assert } from '../../errors';
import { takeMaterialOut, type TakenMaterial } from '../adoption/stack-export';
import { adoptMaterial, chosenMaterial, type Adoption } from '../adoption/adopt-material';
import { importFile } from '../adoption/import-file';
import { programText } from '../adoption/program-text';
import { openKms } from '../aws';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { readInput } from '../input-file';
import type { Io } from '../io';
import { namedSource, withOpenMaterial, type NamedSource } from '../material-option';
import { several, withAccount, withForce, withJson, type AwsOptions } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';
import { markedMaterial } from '../proof/prove';

interface MigrateOptions extends Omit<AwsOptions, 'region'> {
  readonly stackExport: string;
  readonly out: string;
  readonly importFile: string;
  readonly material?: readonly string[];
  readonly extract?: string;
  readonly force?: true;
  readonly json?: true;
}

/** An export of a large stack has some tens of MB. */
const EXPORT_LIMIT_BYTES = 512 * 1024 * 1024;

/** `kms-byok migrate` */
export const migrate = defineCommand(
  {
    name: 'migrate',
    summary: 'take material out of the state of aws.kms.ExternalKey',
    details: [
      'It reads a stack export, removes keyMaterialBase64 from every aws.kms.ExternalKey and ReplicaExternalKey, and writes the export for pulumi stack import, the file for pulumi import --file, and the program that goes with it. No key is replaced and nothing is imported into KMS. It reads the keys (kms:DescribeKey, kms:ListKeyRotations). Run it in the folder of the program.',
      'From then on the material comes from a source of yours: name one for each key with --material NAME=SOURCE, or let --extract write the material to files that only you can read. Extracting needs an export with --show-secrets. Old versions of the state keep the material: destroy them, and rotate the keys where others could read them.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAccount(
            command
              .requiredOption('--stack-export <file>', 'what pulumi stack export wrote')
              .requiredOption('--out <file>', 'the export without material')
              .requiredOption('--import-file <file>', 'the file for pulumi import --file')
              .option(
                '--material <name=source>',
                'where the material of one key is from now on, such as root=file:root.bin; may be given several times',
                several,
              )
              .option('--extract <folder>', 'write material that has no --material to this folder'),
          ),
        ),
      ),
    examples: [
      {
        purpose: 'in the folder of the program, with the material in a file from now on',
        command:
          'pulumi stack export --show-secrets --file before.json && kms-byok migrate --stack-export before.json --out after.json --import-file import.json --extract .',
      },
      {
        purpose: 'then change the program as printed, and',
        command:
          'pulumi stack import --file after.json && pulumi import --file import.json --generate-code=false && pulumi preview',
      },
    ],
    exitCodes: {
      0: 'the files are written',
      2: 'the files are written, and the same material stands in other resources too',
      1: 'an error; nothing is written',
    },
  },
  async (options: MigrateOptions, io) => {
    const { out, importFile: importPath, force = false } = options;
    assertNoneExists([out, importPath], force);
    const given = givenSources(options.material ?? []);
    const text = readInput(options.stackExport, '--stack-export', EXPORT_LIMIT_BYTES);
    const { text: redacted, taken, remaining } = takeMaterialOut(text);
    const unused = [...given.keys()].filter((name) => !taken.some((one) => one.name === name));
    assert(
      unused.length === 0,
      'MATERIAL_SOURCE',
      `--material names ${unused.join(', ')}, and the export has no such key with material`,
    );

    const extracted: string[] = [];
    const adoptions: Adoption[] = [];
    try {
      for (const one of taken) {
        const source = given.get(one.name) ?? extractedSource(one, options.extract, extracted);
        adoptions.push(await adopted(one, source, options, io));
      }
      writeFiles(
        [
          // Other secrets may stand in it in clear.
          { path: out, content: redacted, secret: true },
          { path: importPath, content: importFile(adoptions.map(({ resource }) => resource)) },
        ],
        force,
      );
    } catch (error) {
      for (const path of extracted) rmSync(path, { force: true });
      throw error;
    }
    const program = programText(adoptions.map(({ declared }) => declared));
    io.stdout.write(
      options.json === true
        ? `${JSON.stringify({ stackExport: out, importFile: importPath, extracted, remaining, program, keys: taken.map(({ urn, keyArn }) => ({ urn, keyArn })) })}\n`
        : program,
    );
    for (const path of extracted) io.stderr.write(`material written to ${path}, for you alone\n`);
    if (options.json !== true) io.stderr.write(instructions(options, taken));
    for (const place of remaining) io.stderr.write(`warning: the same material in ${place}\n`);
    return remaining.length === 0 ? EXIT.ok : EXIT.attention;
  },
);

function givenSources(declared: readonly string[]): ReadonlyMap<string, NamedSource> {
  return new Map(
    declared.map((text) => {
      const separator = text.indexOf('=');
      assert(
        separator > 0,
        'MATERIAL_SOURCE',
        '--material names the resource first, such as root=file:root.bin',
      );
      return [text.slice(0, separator), namedSource({ material: text.slice(separator + 1) })];
    }),
  );
}

function extractedSource(
  { name, urn, save }: TakenMaterial,
  folder: string | undefined,
  extracted: string[],
): NamedSource {
  if (folder === undefined || save === undefined) {
    throw new ByokError(
      'MATERIAL_MISSING',
      `${urn} needs a source for its material from now on: give --material ${name}=SOURCE, or ${
        save === undefined
          ? 'export the stack with --show-secrets and give --extract FOLDER'
          : '--extract FOLDER'
      }`,
    );
  }
  const path = join(folder, `${name.replace(/[^A-Za-z0-9._-]/g, '_')}.bin`);
  save(path);
  extracted.push(path);
  return namedSource({ material: `file:${path}` });
}

async function adopted(
  { urn, name, keyArn, open }: TakenMaterial,
  source: NamedSource,
  options: MigrateOptions,
  io: Io,
): Promise<Adoption> {
  assert(
    keyArn !== undefined,
    'STACK_EXPORT',
    `${urn} has no ARN in the export: run pulumi refresh, and export again`,
  );
  const kms = await openKms(keyArn, options, io);
  const key = await kms.observeKey(keyArn, new AbortController().signal);
  const reference = parseKeyReference(keyArn);
  const { materialFingerprint, keyMaterialId } = await withOpenMaterial(
    source,
    options,
    io,
    (material) => ({
      materialFingerprint: material.fingerprint(reference),
      keyMaterialId: markedMaterial(key, material)?.keyMaterialId,
    }),
  );
  const before = open?.();
  const same = before === undefined || before.fingerprint(reference) === materialFingerprint;
  before?.close();
  assert(
    same,
    'MATERIAL_DIFFERS',
    `the source that --material names for ${name} holds other bytes than the state: nothing was written`,
  );
  // The aws provider imports one material and never a second one.
  const material = chosenMaterial(key, keyMaterialId);
  return adoptMaterial(
    { name: `${name}-material`, keyId: keyArn, key, material, source, materialFingerprint },
    io,
  );
}

function instructions(
  { out, importFile: importPath, extract }: MigrateOptions,
  taken: readonly TakenMaterial[],
): string {
  const names = taken.map(({ name }) => name).join(', ');
  const relative = extract === undefined || !isAbsolute(extract) ? '' : ' (its path is absolute)';
  return [
    '',
    taken.length === 0
      ? 'the export has no key with material'
      : `1. in ${names}: remove keyMaterialBase64 and validTo, and add { ignoreChanges: ['keyMaterialBase64', 'validTo', 'enabled'], protect: true }`,
    `2. add what is printed above to the program${relative}`,
    `3. pulumi stack import --file ${out}`,
    `4. pulumi import --file ${importPath} --generate-code=false`,
    '5. pulumi preview: it shows no change',
    'the old export and the history of the stack still have the material: destroy them',
    '',
  ].join('\n');
}
