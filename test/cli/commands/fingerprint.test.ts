import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fingerprint } from '../../../src/domain/fingerprint';
import { runCli, temporaryFolder } from '../run-cli';

const inFolder = temporaryFolder();
const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const material = Buffer.alloc(32, 9);
const expected = fingerprint({ id: keyId }, material);

describe('when a fingerprint is asked for', () => {
  const run = (source: string, ...args: string[]) =>
    runCli(['fingerprint', '--key-id', keyId, '--material', source, ...args], {
      env: { MATERIAL: material.toString('base64'), HEX: material.toString('hex') },
    });

  it.each([
    ['a variable', ['env:MATERIAL']],
    ['another encoding', ['env:HEX', '--encoding', 'hex']],
    ['the JSON of an input', ['{"env":"HEX","encoding":"hex"}']],
    ['a command', [`{"command":["printf","${material.toString('hex')}"],"encoding":"hex"}`]],
  ])('it is that of the state, from %s', async (_what, [source = '', ...args]) => {
    expect(await run(source, ...args)).toEqual({ code: 0, stdout: `${expected}\n`, stderr: '' });
  });

  it('a file and an ARN give the same', async () => {
    writeFileSync(inFolder('material.bin'), material);
    const arn = `arn:aws:kms:eu-west-1:111122223333:key/${keyId}`;
    const ended = await runCli([
      'fingerprint',
      '--key-id',
      arn,
      '--material',
      `file:${inFolder('material.bin')}`,
      '--json',
    ]);
    expect(JSON.parse(ended.stdout)).toEqual({ fingerprint: expected });
    expect(ended.stdout).toMatchSnapshot();
  });

  it('an encrypted private key is opened by its passphrase', async () => {
    const openssl = (...args: string[]) => execFileSync('openssl', args);
    const plain = inFolder('plain.pem');
    openssl('genpkey', '-algorithm', 'ED25519', '-out', plain);
    const locked = inFolder('locked.pem');
    openssl('pkcs8', '-topk8', '-in', plain, '-out', locked, '-passout', 'pass:word');
    const own = await run(`file:${plain}`);
    writeFileSync(inFolder('passphrase'), 'word\n', { mode: 0o600 });
    const opened = await run(`file:${locked}`, '--passphrase', `file:${inFolder('passphrase')}`);
    expect(opened).toEqual(own);
  });

  it.each([
    ['text that names no source', 'secret-material', 'MATERIAL_SOURCE'],
    ['inline material', '{"inline":"c2VjcmV0LW1hdGVyaWFs"}', 'MATERIAL_SOURCE'],
    ['two sources', '{"file":"a","env":"B"}', 'MATERIAL_SOURCE'],
    ['an unknown source', '{"files":"a"}', 'UNKNOWN_INPUT'],
    ['JSON that is none', '{"file":', 'MATERIAL_SOURCE'],
    ['a file that is not there', 'file:/absent', 'MATERIAL_FILE'],
    ['a source in AWS', '{"secretsManager":{"secretId":"x"}}', 'MATERIAL_SOURCE'],
  ])('%s is refused, and not repeated', async (_what, source, code) => {
    const { code: exit, stdout, stderr } = await run(source);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(`[${code}]`);
    expect(stderr).not.toMatch(/secret-material|c2VjcmV0/);
  });

  it('material that does not fit the key spec is refused', async () => {
    expect((await run('env:MATERIAL', '--key-spec', 'HMAC_512')).stderr).toContain(
      '[MATERIAL_LENGTH]',
    );
    expect((await run('env:MATERIAL', '--key-spec', 'HMAC_256')).code).toBe(0);
    expect((await run('env:MATERIAL', '--key-spec', 'AES')).stderr).toContain(
      '[KEY_SPEC_UNSUPPORTED]',
    );
  });
});
