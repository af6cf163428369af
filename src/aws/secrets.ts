import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type * as Ssm from '@aws-sdk/client-ssm';
import { ByokError } from '../errors';
import type { AwsSecrets } from '../material/aws-secrets';
import { clientSettings } from './client';
import type { KmsConnection } from './connection';
import { translateSource } from './service-error';

/** Optional peer dependencies. A program installs only the clients of the services that it reads. */
export type OptionalPackage = '@aws-sdk/client-secrets-manager' | '@aws-sdk/client-ssm';

const PACKAGES: Readonly<Record<OptionalPackage, () => Promise<unknown>>> = {
  '@aws-sdk/client-secrets-manager': () => import('@aws-sdk/client-secrets-manager'),
  '@aws-sdk/client-ssm': () => import('@aws-sdk/client-ssm'),
};

/** Loads an optional package; rejects if it is not installed. */
export type LoadPackage = (name: OptionalPackage) => Promise<unknown>;

/**
 * Connects to Secrets Manager and Parameter Store, as the identity that also calls KMS. Loads nothing and calls
 * nothing yet.
 */
export function connectSecrets(
  connection: KmsConnection,
  load: LoadPackage = (name) => PACKAGES[name](),
): AwsSecrets {
  return {
    async getSecret({ secretId, versionId, versionStage, region }, abortSignal) {
      const sdk = (await loaded('@aws-sdk/client-secrets-manager', load)) as typeof SecretsManager;
      const endpoint = connection.secretsManagerEndpoint;
      const settings = settingsFor(connection, region, endpoint);
      return calling(
        'GetSecretValue',
        () => new sdk.SecretsManagerClient(settings),
        async (client) => {
          const command = new sdk.GetSecretValueCommand({
            SecretId: secretId,
            VersionId: versionId,
            VersionStage: versionStage,
          });
          const answer = await client.send(command, { abortSignal });
          return { binary: answer.SecretBinary, text: answer.SecretString };
        },
      );
    },

    async getParameter({ name, version, region }, abortSignal) {
      const sdk = (await loaded('@aws-sdk/client-ssm', load)) as typeof Ssm;
      const settings = settingsFor(connection, region, connection.ssmEndpoint);
      return calling(
        'GetParameter',
        () => new sdk.SSMClient(settings),
        async (client) => {
          const command = new sdk.GetParameterCommand({
            Name: version === undefined ? name : `${name}:${version}`,
            WithDecryption: true,
          });
          const { Parameter: parameter } = await client.send(command, { abortSignal });
          return { type: parameter?.Type ?? '', value: parameter?.Value ?? '' };
        },
      );
    },
  };
}

function settingsFor(
  connection: KmsConnection,
  region: string | undefined,
  endpoint: string | undefined,
) {
  return clientSettings(connection, { region: region ?? connection.region, endpoint });
}

async function loaded(name: OptionalPackage, load: LoadPackage): Promise<unknown> {
  try {
    return await load(name);
  } catch (error) {
    throw new ByokError(
      'PACKAGE_MISSING',
      `this source of material needs a package that is not installed: run npm install ${name}`,
      { cause: error },
    );
  }
}

async function calling<Client extends { destroy(): void }, T>(
  operation: string,
  open: () => Client,
  call: (client: Client) => Promise<T>,
): Promise<T> {
  let client: Client | undefined;
  try {
    client = open();
    return await call(client);
  } catch (error) {
    throw translateSource(error, operation);
  } finally {
    client?.destroy();
  }
}
