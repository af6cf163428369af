import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const FOLDER = join(__dirname, '..', 'vectors');

const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/);
const result = z.enum(['valid', 'invalid']);

const keyWrap = z.object({
  testGroups: z.array(
    z.object({
      keySize: z.int(),
      tests: z.array(z.object({ tcId: z.int(), key: hex, msg: hex, ct: hex, result })),
    }),
  ),
});

const oaep = z.object({
  testGroups: z.array(
    z.object({
      keySize: z.int(),
      privateKeyPkcs8: hex,
      tests: z.array(z.object({ tcId: z.int(), msg: hex, ct: hex, label: hex, result })),
    }),
  ),
});

const wrapped = z.array(z.object({ id: z.int(), kek: hex, key: hex, ct: hex }));
const rfc = z.object({ rfc3394: wrapped, rfc5649: wrapped });

const WYCHEPROOF = {
  'aes_kwp_test.json': keyWrap,
  'rsa_oaep_2048_sha1_mgf1sha1_test.json': oaep,
  'rsa_oaep_2048_sha256_mgf1sha256_test.json': oaep,
  'rsa_oaep_3072_sha256_mgf1sha256_test.json': oaep,
  'rsa_oaep_4096_sha256_mgf1sha256_test.json': oaep,
};

type WycheproofFile = keyof typeof WYCHEPROOF;
type WycheproofVectors<File extends WycheproofFile> = z.infer<(typeof WYCHEPROOF)[File]>;

/** Names of the files of Wycheproof that the tests use, here and upstream. */
export const WYCHEPROOF_FILES = Object.keys(WYCHEPROOF) as WycheproofFile[];

/** Returns the numbers of a file of Wycheproof without its text, in the same structure. */
export function numbersOf<File extends WycheproofFile>(
  file: File,
  original: unknown,
): WycheproofVectors<File> {
  return WYCHEPROOF[file].parse(original) as WycheproofVectors<File>;
}

/** Parses a file of `test/vectors` without any check of its content. */
export function readVectorFile(path: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));
}

/** Returns the vectors of a file of Wycheproof. */
export function wycheproofVectors<File extends WycheproofFile>(
  file: File,
): WycheproofVectors<File> {
  return numbersOf(file, readVectorFile(`wycheproof/${file}`));
}

/** Returns the vectors of RFC 3394 section 4 and RFC 5649 section 6. */
export function rfcVectors(): z.infer<typeof rfc> {
  return rfc.parse(readVectorFile('rfc.json'));
}
