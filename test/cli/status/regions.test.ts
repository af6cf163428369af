import { Region } from '@pulumi/aws';
import { regionsBeside } from '../../../src/cli/status/regions';

describe('when the Regions of a partition are listed', () => {
  it.each(Object.values(Region))('%s is one of them', (region) => {
    // A Region that is not in the table is added to those of the largest partition.
    const partition = regionsBeside(region);
    expect(partition).toContain(region);
    expect(partition.includes('eu-west-1')).toBe(/^(?!us-gov|us-iso|eu-iso|eusc|cn)/.test(region));
    expect(partition).not.toHaveLength(regionsBeside().length + 1);
  });

  it('a Region that is newer than the table is read with the others', () => {
    expect(regionsBeside('us-south-9')).toEqual([...regionsBeside(), 'us-south-9']);
  });
});
