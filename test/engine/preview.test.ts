import fc from 'fast-check';
import { codesIn, differences, edits, type PreviewedStack } from '../component/preview-program';
import type { AwsProgram } from '../support/aws-program';
import { describeWithPulumi } from '../support/describe-with-pulumi';

async function real(project: AwsProgram): Promise<PreviewedStack> {
  const stack = await project.real();
  const said = async (operation: 'preview' | 'up') => {
    const { ok, summary, output } = await stack[operation]();
    const changes = Object.entries(summary).filter(([name, count]) => name !== 'same' && count > 0);
    return {
      ok,
      does: changes.map(([name, count]) => `${name} ${count}`).sort(),
      refuses: codesIn(output),
    };
  };
  return { preview: () => said('preview'), up: () => said('up'), refresh: () => stack.refresh() };
}

describeWithPulumi('when the program of an ImportedKey changes under the real engine', () => {
  it('the update does what the preview says, and refuses what the preview refuses', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (list) => {
        expect(await differences(list, real)).toEqual([]);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 3_600_000);
});
