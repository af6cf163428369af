import { parseKeyReference } from '../../domain/identifiers';
import { assert } from '../../errors';
import { adoptMaterial, chosenMaterial } from '../adoption/adopt-material';
import { assertImportable, importFileText } from '../adoption/import-file';
import { programText } from '../adoption/program-text';
import { openKms } from '../aws';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import {
  namedSource,
  withMaterial,
  withOpenMaterial,
  type MaterialOptions,
} from '../material-option';
import { withAws, withForce, withJson } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';
import { proveAsAsked, type ProofOptions } from '../proof/prove-as-asked';

interface AdoptOptions extends ProofOptions, MaterialOptions {
  readonly keyId: string;
  readonly name: string;
  readonly keyMaterialId?: string;
  readonly validFor?: string;
  readonly renewBefore?: string;
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
}

/** `kms-byok adopt` */
export const adopt = defineCommand(
  {
    name: 'adopt',
    summary: 'take material that a key holds into a Pulumi stack',
    details: [
      'It writes the file for pulumi import --file (Pulumi CLI 3.254 or later), with inputs and outputs, and prints the program that goes with it. Nothing is imported into KMS and the engine reads nothing, and the next preview shows no change. Run it in the folder of the program: the path of a material file is relative to it.',
      'It proves the material as kms-byok verify does, and refuses other bytes. Of a symmetric key only --reimport proves it; without it a later import finds out, for KMS refuses other bytes.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAws(
            withMaterial(
              command
                .requiredOption('--key-id <id>', 'key ID or key ARN, as the program has it')
                .requiredOption('--name <name>', 'name of the resource in the program'),
            )
              .option('--key-material-id <id>', 'which material of a key that has several')
              .option('--valid-for <duration>', 'declare a rolling expiry, such as 90d')
              .option('--renew-before <duration>', 'when it is renewed, such as 30d')
              .option(
                '--reimport',
                'prove a symmetric key by a guarded import of the same material',
              )
              .requiredOption('--out <file>', 'the import file'),
          ),
        ),
      ),
    examples: [
      {
        purpose: 'in the folder of the program',
        command:
          'kms-byok adopt --key-id arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab --material file:root.bin --name root --out import.json',
      },
      {
        purpose: 'then',
        command: 'pulumi import --file import.json --generate-code=false',
      },
    ],
    exitCodes: { 0: 'the file is written', 1: 'an error; nothing is written' },
  },
  async (options: AdoptOptions, io) => {
    const { keyId, name, out, force = false } = options;
    const source = namedSource(options);
    assertNoneExists([out], force);
    const kms = await openKms(keyId, options, io);
    const key = await kms.observeKey(keyId, new AbortController().signal);
    const { verdict, materialFingerprint } = await withOpenMaterial(
      source,
      options,
      io,
      async (material) => ({
        materialFingerprint: material.fingerprint(parseKeyReference(key.keyArn)),
        verdict: await proveAsAsked(key, material, kms, options, io),
      }),
    );
    assert(
      verdict.verdict === 'same' || verdict.verdict === 'unproved',
      'MATERIAL_NOT_HELD',
      `${key.keyArn} does not hold this material (${verdict.evidence}): nothing was written`,
    );
    const material = chosenMaterial(key, options.keyMaterialId ?? verdict.keyMaterialId);
    const { validFor, renewBefore } = options;
    const { resource, declared } = await adoptMaterial(
      { name, keyId, key, material, source, materialFingerprint, validFor, renewBefore },
      io,
    );
    const file = { resources: [resource] };
    assertImportable(file, []);
    writeFiles([{ path: out, content: importFileText(file) }], force);
    const program = programText([declared]);
    if (verdict.verdict === 'unproved') io.stderr.write(`note: unproved: ${verdict.evidence}\n`);
    if (options.json === true) {
      io.stdout.write(`${JSON.stringify({ importFile: out, program, resources: [resource] })}\n`);
      return EXIT.ok;
    }
    io.stderr.write(
      `written to ${out}; run: pulumi import --file ${out} --generate-code=false\nand add to the program:\n\n`,
    );
    io.stdout.write(program);
    return EXIT.ok;
  },
);
