import { createHash } from 'node:crypto';
/* eslint-disable no-control-regex -- they are what is looked for */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { requestIdText, serviceName, serviceText, shown } from '../../src/domain/service-text';

describe('when a service sends a text', () => {
  it('what AWS says of principals and keys stays as it is', () => {
    const said =
      'User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/jo is not authorized to perform: kms:ImportKeyMaterial on resource: arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab';
    expect(serviceText(said)).toBe(said);
  });

  it('what it quotes of a request is left out, in base64 and in hex', () => {
    fc.assert(
      // Bytes as random as those of a key: others make base64 that looks like words.
      fc.property(fc.string(), fc.integer({ min: 32, max: 600 }), (seed, outputLength) => {
        const bytes = createHash('shake256', { outputLength }).update(seed).digest();
        const [base64, hex] = [bytes.toString('base64'), bytes.toString('hex')];
        const text = serviceText(`refused {"ImportToken":"${base64}","k":"${hex}"}`);
        expect(text).not.toContain(hex);
        expect(text).not.toContain(base64.slice(0, 40));
      }),
    );
  });

  it.each([
    ['JSON', (base64: string) => base64.replace(/\//g, '\\/')],
    ['a URL', encodeURIComponent],
  ])('it is left out as %s escapes it', (_what, escaped) => {
    const base64 = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
    expect(serviceText(`refused ${escaped(base64)} end`)).toBe('refused (left out) end');
  });

  it.each(['z', 'zZ', 'a/', 'ab_'])('a megabyte of %s takes no time to filter', (part) => {
    const begin = Date.now();
    serviceText(part.repeat(1_000_000 / part.length));
    expect(Date.now() - begin).toBeLessThan(5_000);
  });

  it('it is short, of one line and without control characters', () => {
    expect(serviceText('a b\r\n'.repeat(1_000)).length).toBeLessThan(520);
    expect(serviceText('\u001b]0;owned\u0007\u009b2J\u202e')).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u202e]/,
    );
    expect(shown('\u001b[2Jalias')).toBe('\\u001b[2Jalias');
    expect(shown('one\ttwo\n')).toBe('one\ttwo\n');
  });

  it('a request ID is a UUID and a name is a word', () => {
    const id = '0123abcd-01ab-23cd-45ef-0123456789ab';
    expect(requestIdText(id)).toBe(id);
    expect(requestIdText(randomBytes(32).toString('base64'))).toBeUndefined();
    expect(serviceName('KMSInvalidStateException')).toBe('KMSInvalidStateException');
    expect(serviceName(randomBytes(32).toString('hex'))).toBeUndefined();
  });
});
