import { keyResource, parseKeyReference, sameKey } from '../../src/domain/identifiers';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const MRK = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const arn = (region: string, id = ID): string => `arn:aws:kms:${region}:111122223333:key/${id}`;

describe('when a key is named', () => {
  it('an ID and an ARN of one key are the same key', () => {
    expect(sameKey(parseKeyReference(ID), parseKeyReference(arn('eu-west-1')))).toBe(true);
    expect(keyResource(parseKeyReference(ID))).toBe(`key/${ID}`);
    expect(keyResource(parseKeyReference(arn('eu-west-1')))).toBe(`key/${ID}`);
  });

  it('the replicas of a multi-Region key are different keys', () => {
    const [a, b] = [arn('eu-west-1', MRK), arn('us-east-1', MRK)].map(parseKeyReference);
    expect(sameKey(a!, b!)).toBe(false);
    expect(sameKey(a!, parseKeyReference(MRK))).toBe(true);
  });

  it('the accounts and partitions of two ARNs count', () => {
    const key = parseKeyReference(arn('eu-west-1'));
    const other = arn('eu-west-1').replace('111122223333', '444455556666');
    expect(sameKey(key, parseKeyReference(other))).toBe(false);
    expect(sameKey(key, parseKeyReference(arn('eu-west-1').replace('aws', 'aws-cn')))).toBe(false);
  });

  it.each(['alias/x', 'alias/aws/s3', 'arn:aws:kms:eu-west-1:111122223333:alias/x'])(
    'the alias %s is refused as one',
    (text) => {
      expect(() => parseKeyReference(text)).toThrowWithCode('INPUT_INVALID');
    },
  );

  it.each([
    ID.toUpperCase(),
    `${ID} `,
    ID.slice(1),
    'mrk-1',
    '',
    'arn:aws:kms:eu-west-1:1:key/x',
    arn('eu-west-1').replace('kms', 's3'),
    `${arn('eu-west-1')}\n`,
  ])('%j is no key', (text) => {
    expect(() => parseKeyReference(text)).toThrowWithCode('INPUT_INVALID');
  });
});
