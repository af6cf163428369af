import fc from 'fast-check';
import type { AwsProgram } from '../support/aws-program';
import { codesIn, differences, edits, type PreviewedStack, type Said } from './preview-program';

// Few, because test/engine/preview.test.ts runs others under the real engine, each time from another seed.
const RUNS = process.env.SLOW === undefined ? 4 : 200;

function offline(project: AwsProgram): Promise<PreviewedStack> {
  const stack = project.offline();
  const said = async (operation: 'preview' | 'up'): Promise<Said> => {
    const { ok, steps, lines } = await stack[operation]();
    return {
      ok,
      does: steps
        .filter(({ operation: done }) => done !== 'same')
        .map(({ operation: done, type, name }) => `${done} ${type} ${name}`)
        .sort(),
      refuses: codesIn(lines.join('\n')),
    };
  };
  return Promise.resolve({
    preview: () => said('preview'),
    up: () => said('up'),
    refresh: () => stack.refresh(),
  });
}

describe('when the program of an ImportedKey changes', () => {
  it('the update does what the preview says, and refuses what the preview refuses', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (list) => {
        expect(await differences(list, offline)).toEqual([]);
      }),
      { numRuns: RUNS, endOnFailure: process.env.SLOW === undefined },
    );
  }, 3_600_000);
});
