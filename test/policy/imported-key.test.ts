import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PresetName } from '../../src/policy/presets';
import { PolicyProcess } from '../support/policy-process';
import { presetConfig } from './preset-config';
import { resourcesOf } from './program';

let pack: PolicyProcess;

beforeAll(async () => {
  pack = await PolicyProcess.start();
});

afterAll(async () => {
  await pack.stop();
});

/** Program with a key. Default: its material comes from Secrets Manager. */
const keyOf = (args: string, opts = '{}'): string => `
  import { ImportedKey } from 'pulumi-kms-byok';
  new ImportedKey('root', {
    materials: [{ secretsManager: { secretId: 'kms/2026' } }, { secretsManager: { secretId: 'kms/2027' } }],
    ${args}
  }, ${opts});`;

/** Returns the findings of a preset on a program, in a preview and after the update. */
async function said(text: string, preset: PresetName): Promise<string[]> {
  await pack.configure(presetConfig(preset));
  const runs: string[][] = [];
  for (const preview of [true, false]) {
    const example = { text, caughtBy: [], importedDaysAgo: undefined };
    const found = await pack.review(await resourcesOf(example, preview));
    runs.push(found.map(({ level, policy, resource }) => `${level} ${policy} ${resource}`).sort());
  }
  const [inPreview = [], after] = runs;
  expect(after).toEqual(inPreview);
  return inPreview;
}

const ACTIONS = "['arn:aws:sns:eu-west-1:111122223333:pager']";
const REGULATED = `validFor: '90d', connection: { transport: 'post-quantum' }, alarm: { daysBefore: 14, actions: ${ACTIONS} },`;
const REPLICA = `multiRegion: true, replicas: [{ region: 'us-east-1', alarmActions: ${ACTIONS} }],`;
const PROTECTED = '{ protect: true }';

describe('when a key is an ImportedKey', () => {
  it('one with defaults passes strict, with the advice that its material should expire', async () => {
    expect(await said(keyOf(''), 'strict')).toEqual([
      'advisory byok-material-expires root-1',
      'advisory byok-material-expires root-2',
    ]);
  });

  it('one of which nothing is left out passes regulated', async () => {
    expect(await said(keyOf(REGULATED + REPLICA, PROTECTED), 'regulated')).toEqual([]);
  });

  it('the one of the how-to passes regulated', async () => {
    const page = join(__dirname, '..', '..', 'docs', 'how-to', 'review-in-ci.md');
    const [, block] = /## With ImportedKey[\s\S]*?```ts\n([\s\S]*?)```/.exec(
      readFileSync(page, 'utf8'),
    )!;
    expect(await said(block!, 'regulated')).toEqual([]);
  });

  it('one that decides whether it is enabled passes baseline', async () => {
    expect(await said(keyOf('enabled: true'), 'baseline')).toEqual([]);
  });

  it.each([
    [
      'the source is a variable',
      "materials: [{ env: 'ROOT_KEY' }],",
      undefined,
      ['byok-allowed-sources root-1'],
    ],
    [
      'it may be deleted',
      '',
      '{ protect: false }',
      ['byok-protect root', 'byok-protect root-1', 'byok-protect root-2'],
    ],
    [
      'its replica is not protected',
      REPLICA,
      undefined,
      [
        'byok-protect root-us-east-1',
        'byok-protect root-us-east-1-1',
        'byok-protect root-us-east-1-2',
      ],
    ],
    [
      'its replica has an alarm for nobody',
      REPLICA.replace(`, alarmActions: ${ACTIONS}`, ''),
      PROTECTED,
      ['byok-expiration-alarm root-us-east-1'],
    ],
    [
      'its alarm comes too late',
      'alarm: { daysBefore: 3, actions: ' + ACTIONS + ' },',
      undefined,
      ['byok-expiration-alarm root'],
    ],
    [
      'it is sent over any connection',
      'connection: {},',
      undefined,
      ['byok-post-quantum-transport root-1', 'byok-post-quantum-transport root-2'],
    ],
    ['it goes in a week', 'deletionWindowInDays: 7,', undefined, ['byok-deletion-window root']],
    [
      'its validity is long',
      "validFor: '365d', renewBefore: '30d',",
      undefined,
      ['byok-maximum-validity root-1', 'byok-maximum-validity root-2'],
    ],
    [
      'it is renewed late',
      "renewBefore: '8d',",
      undefined,
      ['byok-minimum-validity-left root-1', 'byok-minimum-validity-left root-2'],
    ],
    [
      'its wrapping is weak',
      "wrappingKeySpec: 'RSA_3072',",
      undefined,
      ['byok-wrapping-strength root-1', 'byok-wrapping-strength root-2'],
    ],
    [
      'its policy is for everybody',
      "policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:ImportKeyMaterial', Resource: '*' }] }),",
      undefined,
      ['byok-no-wildcard-importers root'],
    ],
    [
      'its policy lets a role do all',
      "policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/admin' }, Action: 'kms:*', Resource: '*' }] }),",
      undefined,
      ['byok-separate-importers-and-users root'],
    ],
  ])('regulated blocks one of which %s', async (_title, args, opts, expected) => {
    const found = await said(keyOf(REGULATED + args, opts), 'regulated');
    expect(found).toEqual(expected.map((each) => `mandatory ${each}`));
  });
});
