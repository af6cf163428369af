import { execFileSync } from 'node:child_process';

/** Measures RSA private operations per second with OpenSSL's own benchmark, on one core, for one second. */
export function rsaPrivateOperations(bits: number): number {
  return rsaSpeed(bits, ['-elapsed']).sign;
}

/** Measures RSA public operations per second of processor time with OpenSSL's own benchmark. */
export function rsaPublicOperations(bits: number): number {
  return rsaSpeed(bits, []).verify;
}

function rsaSpeed(bits: number, options: readonly string[]): { sign: number; verify: number } {
  const output = execFileSync(
    'openssl',
    ['speed', ...options, '-mr', '-seconds', '1', `rsa${bits}`],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  // The machine-readable result: `+F2:index:bits:sign/s:verify/s`, and more in later versions.
  const [, sign, verify] = /^\+F2:\d+:\d+:([\d.]+):([\d.]+)/m.exec(output) ?? [];
  const rates = { sign: Number(sign), verify: Number(verify) };
  if (!(rates.sign > 0 && rates.verify > 0)) {
    throw new Error(`openssl speed did not say sign/s and verify/s:\n${output}`);
  }
  return rates;
}
