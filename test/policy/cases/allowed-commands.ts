import { material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const printing = (program: string) =>
  material({ materialSource: { kind: 'pkcs11', pin: { program, sha256: 'ab'.repeat(32) } } });
const running = (program: string, kind = 'command') =>
  material({ materialSource: { kind, program, sha256: 'ab'.repeat(32) } });

export const allowedCommands: RuleCases = {
  rule: 'byok-allowed-commands',
  violates: {
    'no program is allowed': [[running('/usr/local/bin/hsm-export')], ['material']],
    'no program may print a PIN': [[printing('/usr/local/bin/pin')], ['material']],
    'no program may wrap': [[running('/usr/local/bin/hsm-wrap', 'wrapCommand')], ['material']],
  },
  passes: {
    'the source is no command': [material()],
    'the PIN comes from no command': [
      material({ materialSource: { kind: 'pkcs11', pin: { env: 'HSM_PIN' } } }),
    ],
    'the source is not there yet': [material({ materialSource: undefined })],
  },
  undecided: {
    'the program is unknown': [running(UNKNOWN)],
    'the source is unknown': [material({ materialSource: UNKNOWN })],
  },
  configured: {
    'the program is on the list': [
      { programs: ['vault', '/usr/local/bin/hsm-export'] },
      [running('/usr/local/bin/hsm-export')],
      [],
    ],
    'the program that wraps is on the list': [
      { programs: ['/usr/local/bin/hsm-wrap'] },
      [running('/usr/local/bin/hsm-wrap', 'wrapCommand')],
      [],
    ],
    'the list has another program of the same name': [
      { programs: ['/usr/local/bin/hsm-export'] },
      [running('hsm-export')],
      ['material'],
    ],
  },
};
