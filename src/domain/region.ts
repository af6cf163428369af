/** Returns the Region that the environment names, as the AWS CLI and the aws provider read it. */
export function environmentRegion(env: NodeJS.ProcessEnv): string | undefined {
  const { AWS_REGION: region, AWS_DEFAULT_REGION: fallback } = env;
  return [region, fallback].find((name) => name !== undefined && name !== '');
}
