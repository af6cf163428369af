import { awsRegions } from '../../../packages/embedded-kms/test/support/aws-regions';
import { regionsBeside } from '../../../src/cli/status/regions';

describe('when the Regions of a partition are listed', () => {
  const known = awsRegions();

  it.each(known)('%s is listed with those of %s', (region, partition) => {
    const beside = known.filter(([, other]) => other === partition).map(([other]) => other);
    // A Region that is not in the table is added at the end to those of the largest partition.
    expect(new Set(regionsBeside(beside[0]))).toEqual(new Set(beside));
    expect(regionsBeside(region)).toEqual(regionsBeside(beside[0]));
  });

  it('a Region that is newer than the table is read with the others', () => {
    expect(regionsBeside('us-south-9')).toEqual([...regionsBeside(), 'us-south-9']);
  });
});
