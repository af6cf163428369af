import { z } from 'zod';
import { memberOf, textOf } from '../property';
import { IMPORTED_KEY_MATERIAL } from '../../domain/type-tokens';
import { resourceRule } from '../rule';

/** Says which programs may be run for material. */
export const allowedCommands = resourceRule({
  id: 'byok-allowed-commands',
  sentence: 'A command that gives key material is on the list of allowed programs.',
  why: 'A command runs on the machine of whoever updates the stack, with their credentials, and sees the root key. A change of it in a pull request is easy to overlook.',
  fix: 'Use a program of the list, or have it added to the configuration of the rule by whoever owns that.',
  severity: 'high',
  tags: ['supply-chain'],
  types: [IMPORTED_KEY_MATERIAL],
  settings: z.object({
    programs: z
      .array(z.string())
      .default([])
      .describe('First elements of the commands that are allowed, exactly as declared.'),
  }),
  *check({ props }, { programs }) {
    const source = props.materialSource as unknown;
    if (memberOf(source, 'kind') !== 'command') return;
    if (!programs.includes(textOf(memberOf(source, 'program')) ?? '')) {
      yield 'The program of its command is not on the list: use one that is.';
    }
  },
});
