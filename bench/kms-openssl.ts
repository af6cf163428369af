import { execFileSync } from 'node:child_process';

/** RSA private operations per second of OpenSSL's own benchmark, on one core, for one second. */
export function rsaPrivateOperations(bits: number): number {
  const output = execFileSync(
    'openssl',
    ['speed', '-elapsed', '-mr', '-seconds', '1', `rsa${bits}`],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  // The machine-readable result: `+F2:index:bits:sign/s:verify/s`, and more in later versions.
  const rate = Number(/^\+F2:\d+:\d+:([\d.]+):/m.exec(output)?.[1]);
  if (!(rate > 0)) throw new Error(`openssl speed did not say sign/s:\n${output}`);
  return rate;
}
