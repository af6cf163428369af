import * as z from 'zod';
import { memberOf, textOf } from '../property';
import { typesOf } from '../../domain/type-tokens';
import { resourceRule } from '../rule';

/** Limits which programs may be run to get material, or to wrap it. */
export const allowedCommands = resourceRule({
  id: 'byok-allowed-commands',
  sentence:
    'A command that provides or wraps key material, or prints the PIN of an HSM, is on the list of allowed programs.',
  why: 'A command runs on the machine that updates the stack, with its credentials, and sees the root key or decides which key is wrapped. A change to it is easy to overlook in a pull request.',
  fix: 'Use a program on the list, or ask the owners of the policy configuration to add yours.',
  severity: 'high',
  tags: ['supply-chain'],
  types: typesOf('ImportedKeyMaterial'),
  settings: {
    programs: z
      .array(z.string())
      .default([])
      .describe('First elements of the allowed commands, exactly as the program declares them.'),
  },
  *check({ props }, { programs }) {
    const source = props.materialSource as unknown;
    const kind = textOf(memberOf(source, 'kind'));
    const isCommand = kind === 'command' || kind === 'wrapCommand';
    const pin = memberOf(source, 'pin');
    const runs = isCommand ? source : textOf(memberOf(pin, 'sha256')) === undefined ? null : pin;
    if (runs !== null && !programs.includes(textOf(memberOf(runs, 'program')) ?? '')) {
      yield 'Its command runs a program that is not on the list: use one that is.';
    }
  },
});
