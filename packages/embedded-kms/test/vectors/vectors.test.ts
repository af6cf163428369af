import { findOracle } from '../support/oracles';
import { numbersOf, readVectorFile, rfcVectors, wycheproofVectors } from '../support/vectors';

describe.each([
  ['aes_kwp_test.json', { valid: 77, invalid: 177 }],
  ['rsa_oaep_2048_sha1_mgf1sha1_test.json', { valid: 17, invalid: 19 }],
  ['rsa_oaep_2048_sha256_mgf1sha256_test.json', { valid: 18, invalid: 19 }],
  ['rsa_oaep_3072_sha256_mgf1sha256_test.json', { valid: 18, invalid: 19 }],
  ['rsa_oaep_4096_sha256_mgf1sha256_test.json', { valid: 18, invalid: 19 }],
] as const)('when the project carries %s', (file, { valid, invalid }) => {
  const vectors = wycheproofVectors(file);

  it('has every vector once', () => {
    const tests = vectors.testGroups.flatMap((group) => [...group.tests]);
    const ids = tests.map(({ tcId }) => tcId);
    expect(ids).toEqual(Array.from({ length: valid + invalid }, (_, index) => index + 1));
    expect(tests.filter(({ result }) => result === 'valid')).toHaveLength(valid);
  });

  it('has only numbers, and those of the original where it is at hand', () => {
    expect(readVectorFile(`wycheproof/${file}`)).toEqual(vectors);
    const original = findOracle(`wycheproof/${file}`);
    if (original !== undefined) expect(vectors).toEqual(numbersOf(file, original));
  });
});

describe('when the project carries the vectors of the RFCs', () => {
  it('has only numbers, and those of the original where it is at hand', () => {
    const vectors = rfcVectors();
    expect(readVectorFile('rfc.json')).toEqual(vectors);
    const original = findOracle('rfc/aes_kw_kwp_rfc_vectors.json');
    if (original === undefined) return;
    const withoutIds = (name: 'rfc3394' | 'rfc5649') =>
      vectors[name].map(({ kek, key, ct }) => ({ kek, key, ct }));
    expect(original).toMatchObject({
      rfc3394: withoutIds('rfc3394'),
      rfc5649: withoutIds('rfc5649'),
    });
  });
});
