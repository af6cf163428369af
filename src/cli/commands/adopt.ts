import { assert } from '../../errors';
import { adoptMaterial, chosenMaterial, type FormOptions } from '../adoption/adopt-material';
import { declarationsText } from '../adoption/declarations';
import { assertImportable, importFileText } from '../adoption/import-file';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { namedSource, withMaterial, type MaterialOptions } from '../material-option';
import { withAws, withForce, withJson, withNative } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';
import { verification, withReimport, type ProofOptions } from '../proof/verification';

interface AdoptOptions extends ProofOptions, MaterialOptions, FormOptions {
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
    summary: 'bring material that a key already has into a Pulumi stack',
    details: [
      'It writes the file for pulumi import --file (Pulumi CLI 3.254 or later), with inputs and outputs, and prints the code to add to the program. Without --reimport, it imports nothing into KMS. The next preview shows no change. Run it in the folder of the program, because the path of a material file is relative to that folder.',
      'It proves the material as kms-byok verify does, and refuses other bytes. Only --reimport proves the material of a symmetric key. Without --reimport, wrong bytes are found at the next import, which KMS refuses.',
      'If a resource of this package has imported the material, --reimport is required. It makes the new resource the owner, so that the delete of the other one leaves the material.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAws(
            withReimport(
              withNative(
                withMaterial(
                  command
                    .requiredOption('--key-id <id>', 'key ID or key ARN, as in the program')
                    .requiredOption('--name <name>', 'name of the resource in the program'),
                )
                  .option('--key-material-id <id>', 'the material to adopt, if the key has several')
                  .option('--valid-for <duration>', 'declare a rolling expiry, such as 90d')
                  .option('--renew-before <duration>', 'time before expiry to renew, such as 30d'),
              ),
            ).requiredOption('--out <file>', 'the import file to write'),
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
    const { keyId, name, out, validFor, renewBefore, force = false } = options;
    const isNative = options.native === true;
    const source = namedSource(options);
    assertNoneExists([out], force);
    const { key, verdict, materialFingerprint } = await verification(source, options, io, true);
    assert(
      verdict.verdict === 'same' || verdict.verdict === 'unproved',
      'MATERIAL_NOT_IN_KEY',
      `${key.keyArn} does not have this material (${verdict.evidence}): nothing was written`,
    );
    const { keyMaterialId = verdict.keyMaterialId } = options;
    assert(
      verdict.verdict === 'unproved' || keyMaterialId === verdict.keyMaterialId,
      'MATERIAL_NOT_IN_KEY',
      `KMS has this material under another KeyMaterialId than --key-material-id, ${verdict.keyMaterialId ?? ''}: leave the option out, or name the other material; nothing was written`,
    );
    const material = chosenMaterial(key, keyMaterialId);
    const { materialOwner } = verdict;
    const proved = { key, material, source, materialFingerprint, materialOwner };
    const { resource, declared } = await adoptMaterial(
      { name, keyId, ...proved, validFor, renewBefore, isNative },
      io,
    );
    const file = { resources: [resource] };
    assertImportable(file, []);
    writeFiles([{ path: out, content: importFileText(file) }], force);
    const program = declarationsText([declared], options);
    if (verdict.verdict === 'unproved') io.stderr.write(`note: unproved: ${verdict.evidence}\n`);
    if (options.json === true) {
      io.stdout.write(`${JSON.stringify({ importFile: out, program, resources: [resource] })}\n`);
      return EXIT.ok;
    }
    io.stderr.write(
      `written to ${out}; run: pulumi import --file ${out} --generate-code=false\nthen add the printed code to the program:\n\n`,
    );
    io.stdout.write(program);
    return EXIT.ok;
  },
);
