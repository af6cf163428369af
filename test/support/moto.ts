/** The variable that has the address of the run's moto. */
export const MOTO_VARIABLE = 'PULUMI_KMS_BYOK_TEST_MOTO';

/**
 * Returns the address of the one moto of this run, a server of Secrets Manager and Parameter Store. Tests share it,
 * so each names secrets of its own.
 */
export function motoUrl(): string {
  const url = process.env[MOTO_VARIABLE];
  if (url === undefined) throw new Error('moto is not installed. Run: npm run test:setup');
  return url;
}
