import * as pulumi from '@pulumi/pulumi';
import { ByokError, ImportedKeyMaterial, KmsByokProvider, OnDemandRotation } from '../../src';

beforeEach(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
    call: () => ({}),
  });
});

/** The error of a constructor, as long as Pulumi shows it without a stack. */
function refusal(construct: () => unknown): ByokError | undefined {
  try {
    construct();
  } catch (error) {
    if (error instanceof ByokError && pulumi.ResourceError.isInstance(error)) return error;
    throw error;
  }
  return undefined;
}

describe('when a program in JavaScript gives a provider an input that does not exist', () => {
  it.each(['regoin', 'assumerole', 'allowedAccountIDs', 'endpointUrl'])('%s is refused', (name) => {
    const error = refusal(() => new KmsByokProvider('there', { [name]: 'eu-north-1' }));
    expect(error?.code).toBe('UNKNOWN_INPUT');
    expect(error?.reason).toContain(name);
  });

  it('a value in the place of a name is not repeated', () => {
    const value = 'b11yY4UeU6qvTgaPZSc0WsbaK2KtOMt5c';
    const inputs: object = { [value]: 'x' };
    const error = refusal(() => new KmsByokProvider('there', inputs));
    expect(error?.code).toBe('UNKNOWN_INPUT');
    expect(error?.message).not.toContain(value);
  });

  it('a provider without inputs, and one with an input that is undefined, are made', () => {
    expect(refusal(() => new KmsByokProvider('a'))).toBeUndefined();
    expect(refusal(() => new KmsByokProvider('b', { profile: undefined }))).toBeUndefined();
  });
});

describe('when a program in JavaScript leaves out the inputs', () => {
  it.each([
    [
      'ImportedKeyMaterial',
      (args: unknown) => new ImportedKeyMaterial('a', args as never),
      undefined,
    ],
    ['OnDemandRotation', (args: unknown) => new OnDemandRotation('a', args as never), undefined],
    ['KmsByokProvider', (args: unknown) => new KmsByokProvider('a', args as never), null],
  ])('%s says so, as an error of Pulumi', (_name, construct, nothing) => {
    for (const args of [nothing, null, 'text']) {
      expect(refusal(() => construct(args))?.code).toBe('INPUT_TYPE');
    }
  });

  it.each([
    ['ImportedKeyMaterial', ImportedKeyMaterial],
    ['OnDemandRotation', OnDemandRotation],
  ] as const)('the option import of %s is refused as an error of Pulumi', (_name, Resource) => {
    const make = (): unknown => new Resource('a', {} as never, { import: 'id' });
    expect(refusal(make)?.code).toBe('IMPORT_OPTION');
  });
});
