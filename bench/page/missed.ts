import type { Report } from '../report';
import { keepsLimit } from '../result';

/** Reasons for missed targets, by the beginning of the line's name. */
const REASONS: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'import of 50 keys',
    why: 'most of both times is the engine itself, which takes as long for resources that do nothing. This package also reads the state of the key before and after each import',
  },
  {
    what: 'update of 1000 resources without a change',
    why: 'the provider reads the material and compares its fingerprint for each resource, and the SDK transfers each output',
  },
  {
    what: 'registration of 100 resources',
    why: 'the SDK takes four stack traces for each output: [0047](../decisions/0047-registration-changes-no-setting-of-the-process.md)',
  },
  {
    what: 'imports through RSA_2048',
    why: 'the two requests of an import take as long as its RSA operation: [0035](../decisions/0035-the-import-rate-through-rsa-2048.md)',
  },
  {
    what: 'RSA',
    why: 'a wrap does more than the RSA operation that it is compared with: [0008](../decisions/0008-what-a-wrap-costs-beside-rsa.md)',
  },
];

/** Returns the lines that miss their target, by reason. Throws for a line without a known reason. */
export function missedOf({ lines }: Report): string[] {
  const named = new Map<string, string[]>();
  for (const line of lines) {
    if ('absent' in line || keepsLimit(line) !== false) continue;
    const why = REASONS.find(({ what }) => line.what.startsWith(what))?.why;
    if (why === undefined) throw new Error(`nothing says why this is missed: ${line.what}`);
    named.set(why, [...(named.get(why) ?? []), line.what]);
  }
  return [...named].map(([why, whats]) => `- ${whats.join(', ')}: ${why}`);
}
