import { unsupportedAnswer } from '../../src/aws/unsupported';

const codeOf = (name: string, httpStatusCode: number): string | undefined => {
  const error = Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });
  return unsupportedAnswer(error, 'DescribeKey')?.code;
};

describe('when an endpoint answers what AWS KMS never does', () => {
  it.each([
    ['UnknownOperationException', 400],
    ['UnknownOperation', 400],
    ['NotImplementedException', 400],
    ['NotImplementedError', 400],
    ['InvalidAction', 400],
    ['Error', 404],
    ['Error', 405],
    ['Error', 501],
    ['SyntaxError', 200],
  ])('%s with status %i is KMS_UNSUPPORTED', (name, status) => {
    expect(codeOf(name, status)).toBe('KMS_UNSUPPORTED');
  });

  it.each([502, 503, 504])('a page with status %i is that of a proxy', (status) => {
    expect(codeOf('SyntaxError', status)).toBe('KMS_UNREACHABLE');
  });

  it.each([
    ['NotFoundException', 404],
    ['ValidationException', 400],
  ])('%s with status %i may be that of KMS', (name, status) => {
    expect(codeOf(name, status)).toBeUndefined();
  });
});
