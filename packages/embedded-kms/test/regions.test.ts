import { isRegion, partitionOf } from '../src/keys/regions';
import { awsRegions } from './support/aws-regions';

describe('when a Region is one of AWS', () => {
  it.each(awsRegions())('%s is known, and is in %s', (region, partition) => {
    expect([isRegion(region), partitionOf(region)]).toEqual([true, partition]);
  });

  it('a name that is no Region is not known', () => {
    expect(isRegion('eu-central-9')).toBe(false);
  });
});
