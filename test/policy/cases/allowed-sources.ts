import { material, UNKNOWN } from '../shown';
import type { RuleCases } from './rule-cases';

const from = (kind: string, more: object = {}) => material({ materialSource: { kind, ...more } });

export const allowedSources: RuleCases = {
  rule: 'byok-allowed-sources',
  violates: {
    'material is inline': [[from('inline')], ['material']],
    'the passphrase of a file is inline': [
      [from('file', { file: 'root-key.pem', passphrase: { kind: 'inline' } })],
      ['material'],
    ],
  },
  passes: {
    'material is in a file': [from('file', { file: 'root-key.bin' })],
    'material is in a variable': [from('env', { env: 'ROOT_KEY' })],
    'material is in Secrets Manager': [material()],
  },
  undecided: {
    'the source is unknown': [material({ materialSource: UNKNOWN })],
    'the kind of source is unknown': [from(UNKNOWN)],
  },
  configured: {
    'variables are not allowed': [
      { sources: ['file'] },
      [from('env', { env: 'ROOT_KEY_OF_THE_RUNNER' })],
      ['material'],
    ],
    'inline is allowed': [{ sources: ['inline'] }, [from('inline')], []],
  },
};
