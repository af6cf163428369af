import { material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const connection = { transport: 'post-quantum' };
const provider = (props: Readonly<Record<string, unknown>>) => ({
  provider: { type: 'pulumi:providers:pulumi-nodejs', props },
});

export const postQuantumTransport: RuleCases = {
  rule: 'byok-post-quantum-transport',
  violates: {
    'there is no connection': [[material()], ['material']],
    'the connection is of any key exchange': [
      [material({ connection: { region: 'eu-west-1' } })],
      ['material'],
    ],
    'its provider is of any key exchange': [
      [material({}, provider({ 'aws:region': 'eu-west-1' }))],
      ['material'],
    ],
    'only the provider of another requires it': [
      [
        material({}, { name: 'first', ...provider({ 'aws:transport': 'post-quantum' }) }),
        material({}, { name: 'second' }),
      ],
      ['second'],
    ],
  },
  passes: {
    'the connection requires it': [material({ connection })],
    'its provider requires it': [material({}, provider({ 'aws:transport': 'post-quantum' }))],
    'the connection requires it, and the provider is unknown': [
      material({ connection }, provider({ 'aws:transport': UNKNOWN })),
    ],
    'its provider requires it, and the connection is unknown': [
      material({ connection: UNKNOWN }, provider({ 'aws:transport': 'post-quantum' })),
    ],
  },
  undecided: {
    'the connection is unknown': [material({ connection: UNKNOWN })],
    'the transport is unknown': [material({ connection: { transport: UNKNOWN } })],
    'the provider is unknown': [material({}, provider({ 'aws:transport': UNKNOWN }))],
  },
  configured: {
    'one is for an emulator': [
      { except: ['emulated'] },
      [material(), material({}, { name: 'emulated' })],
      ['material'],
    ],
  },
};
