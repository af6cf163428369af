import { material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const running = (program: string, kind = 'command') =>
  material({ materialSource: { kind, program, sha256: 'ab'.repeat(32) } });

export const allowedCommands: RuleCases = {
  rule: 'byok-allowed-commands',
  violates: {
    'no program is allowed': [[running('/usr/local/bin/hsm-export')], ['material']],
    'no program may wrap': [[running('/usr/local/bin/hsm-wrap', 'wrapCommand')], ['material']],
  },
  passes: {
    'the source is no command': [material()],
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
