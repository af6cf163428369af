import type { Report } from '../report';
import { keepsLimit } from '../result';

/** Reasons for missed targets, by the beginning of the line's name. */
const REASONS: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'import of ',
    why: 'the SDK takes four stack traces for each property, of which this resource has more than a hand-written one: [0047](../decisions/0047-registration-changes-no-setting-of-the-process.md); it also reads the state of the key before and after each import',
  },
  {
    what: 'time from pulumi up to the first call of KMS, the part of this package',
    why: 'most of it is loading the modules of this package and of its libraries, in two processes',
  },
  {
    what: 'update of ',
    why: 'the provider reads the material and compares its fingerprint for each resource',
  },
  {
    what: 'memory of the provider process',
    why: 'the SDK of Pulumi takes most of it, as the line of the no-op resources shows; the library that checks inputs takes most of the rest',
  },
  {
    what: 'state of an ImportedKeyMaterial',
    why: 'the outputs name what the import used and what KMS reported, and the engine keeps inputs and outputs',
  },
  {
    what: 'state of an ImportedKey with a replica',
    why: 'the engine adds a stack trace to each resource, and the names of all on which it depends; the list of materials is recorded twice, before and after the imports: [0021](../decisions/0021-the-list-of-materials-is-kept-in-state.md)',
  },
  {
    what: 'registration of 100 resources',
    why: 'the SDK takes four stack traces for each output: [0047](../decisions/0047-registration-changes-no-setting-of-the-process.md)',
  },
  {
    what: 'RSAES_OAEP_SHA_256 with ',
    why: 'Node.js gives each new key to OpenSSL in two steps: [0008](../decisions/0008-what-a-wrap-costs-beside-rsa.md)',
  },
  {
    what: 'import through RSA_',
    why: 'the server reads, checks and records more than a bare one: [0035](../decisions/0035-the-import-rate-through-rsa-2048.md)',
  },
  {
    what: 'wait of DescribeKey',
    why: 'with two processors, the threads of the RSA operations and the clients of the benchmark compete with the requests',
  },
];

/** Returns the lines that miss their target, by reason. Throws for a line without a known reason. */
export function missedOf({ lines }: Report): string[] {
  const named = new Map<string, Set<string>>();
  for (const line of lines) {
    if ('absent' in line || keepsLimit(line) !== false) continue;
    const why = REASONS.find(({ what }) => line.what.startsWith(what))?.why;
    if (why === undefined) throw new Error(`nothing says why this is missed: ${line.what}`);
    named.set(why, (named.get(why) ?? new Set()).add(line.what));
  }
  return [...named].map(([why, whats]) => `- ${[...whats].join('; ')}: ${why}`);
}
