import fc from 'fast-check';
import type { AwsProgram } from '../support/aws-program';
import { codesIn, differences, PROGRAMS, programs, type PreviewedStack } from './preview-program';

const SLOW = process.env.SLOW !== undefined;
const RUNS = SLOW ? 200 : 15;

function offline(project: AwsProgram): Promise<PreviewedStack> {
  const stack = project.offline();
  const said = async (operation: 'preview' | 'up') => {
    const { ok, steps, lines } = await stack[operation]();
    return {
      ok,
      does: steps
        .filter(({ operation: done, error }) => done !== 'same' && error === undefined)
        .map(({ operation: done, type, name }) => `${done} ${type} ${name}`),
      failed: steps.filter(({ error }) => error !== undefined).map(({ name }) => name),
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
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(programs(SLOW ? 3 : 1), async (list) => {
        runs += 1;
        expect(await differences(list, runs === 1, offline)).toEqual([]);
      }),
      { numRuns: RUNS / PROGRAMS, endOnFailure: true },
    );
  }, 7_200_000);
});
