import fc from 'fast-check';
import {
  codesIn,
  differences,
  PROGRAMS,
  programs,
  type PreviewedStack,
} from '../component/preview-program';
import type { AwsProgram } from '../support/aws-program';
import { describeWithPulumi } from '../support/describe-with-pulumi';

const RUNS = 10;

async function real(project: AwsProgram): Promise<PreviewedStack> {
  const stack = await project.real();
  const said = async (operation: 'preview' | 'up') => {
    const { ok, changes, failed, output } = await stack[operation]();
    return { ok, does: changes, failed, refuses: codesIn(output) };
  };
  return { preview: () => said('preview'), up: () => said('up'), refresh: () => stack.refresh() };
}

describeWithPulumi('when the program of an ImportedKey changes under the real engine', () => {
  it('the update does what the preview says, and refuses what the preview refuses', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(programs(1), async (list) => {
        runs += 1;
        expect(await differences(list, runs === 1, real)).toEqual([]);
      }),
      { numRuns: RUNS / PROGRAMS, endOnFailure: true },
    );
  }, 3_600_000);
});
