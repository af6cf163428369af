import type { Report } from '../report';
import { keepsLimit } from '../result';

/** Why a target is missed, by the beginning of the line's name. */
const REASONS: readonly { readonly what: string; readonly why: string }[] = [
  {
    what: 'import of 50 keys',
    why: 'most of both is the engine itself, which takes as long for resources that do nothing, and this package asks KMS what the key holds before and after each import',
  },
  {
    what: 'update of 1000 resources without a change',
    why: 'the material is read and its fingerprint compared for each resource, and the SDK carries each output',
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
    why: 'a wrap does more than the operation that it is compared with: [0008](../decisions/0008-what-a-wrap-costs-beside-rsa.md)',
  },
];

/** The lines that miss their target, by the reason; one without a reason is a defect of the page. */
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
