import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { connect } from '../../src/aws/index';
import { Pacing, type Place } from '../../src/aws/pacing';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ENDPOINT = 'https://kms.invalid';
const signal = new AbortController().signal;

/** Notes the place of each call, and makes none. */
class Notes extends Pacing {
  readonly places: Place[] = [];

  override run(place: Place): Promise<never> {
    this.places.push(place);
    return Promise.reject(new Error('not called'));
  }
}

describe('when calls count together', () => {
  it.each([
    [
      'those on a key that an ARN names, in its account and Region',
      `arn:aws:kms:us-east-1:111122223333:key/${ID}`,
      { endpoint: ENDPOINT, region: 'us-east-1', accountId: '111122223333' },
    ],
    [
      'those on a key that an ID names, in the Region of the connection',
      ID,
      { endpoint: ENDPOINT, region: 'eu-west-1', accountId: undefined },
    ],
  ])('%s', async (_which, keyId, place) => {
    const notes = new Notes();
    const connection = { region: 'eu-west-1', endpoint: ENDPOINT, credentials: CREDENTIALS };
    await expect(connect(connection, notes).observeKey(keyId, signal)).rejects.toThrow();
    expect(notes.places).toEqual([place]);
  });
});
