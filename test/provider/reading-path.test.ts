import { Session, type Profiler } from 'node:inspector';
import { join, relative } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

const SRC = join(__dirname, '..', '..', 'src');

/** Runs work, and returns the files whose functions it called, without those of the test tools. */
async function filesCalledBy(run: () => Promise<unknown>): Promise<readonly string[]> {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, params?: object): Promise<T> =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error: Error | null, result?: object) => {
        if (error === null) resolve(result as T);
        else reject(error);
      });
    });
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true });
  try {
    await run();
    const { result } = await post<Profiler.TakePreciseCoverageReturnType>(
      'Profiler.takePreciseCoverage',
    );
    return result
      .filter(({ functions }) =>
        functions.some(
          // An export is a getter.
          ({ functionName, ranges }) => !/^(get .*)?$/.test(functionName) && ranges[0]!.count > 0,
        ),
      )
      .map(({ url }) => relative(SRC, url.replace(/^file:\/\//, '')))
      .filter((file) => !file.startsWith('..') && !file.startsWith('testing'))
      .sort();
  } finally {
    session.disconnect();
  }
}

describe('when somebody reads what a create does', () => {
  let kms: EmbeddedKms;

  beforeAll(async () => {
    kms = await startKms();
  });

  afterAll(() => kms.close());

  it('inline symmetric material is imported by at most 35 files', async () => {
    const client = clientOf(kms);
    // Bytes that begin as DER does are looked at as a private key too.
    const material = { inline: Buffer.alloc(32, 7).toString('base64') };
    // The first create loads the modules.
    await new ResourceLife({ kms }).up({ keyId: await createKey(client), material });
    const keyId = await createKey(client);
    const files = await filesCalledBy(() => new ResourceLife({ kms }).up({ keyId, material }));
    client.destroy();
    expect(files).toContain('provider/imported-key-material/import-material.ts');
    expect(files.length <= 35 ? [] : files).toEqual([]);
  });
});
