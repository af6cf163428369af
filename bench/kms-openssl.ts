import { execFileSync } from 'node:child_process';

/** Returns the seconds of processor time that an RSA private operation takes OpenSSL in its own benchmark. */
export function rsaPrivateSeconds(bits: number): number {
  const output = execFileSync('openssl', ['speed', '-mr', '-seconds', '1', `rsa${bits}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // The machine-readable result: `+F2:index:bits:sign/s:verify/s`, and more in later versions.
  const [, sign] = /^\+F2:\d+:\d+:([\d.]+):/m.exec(output) ?? [];
  const rate = Number(sign);
  if (!(rate > 0)) throw new Error(`openssl speed did not say sign/s:\n${output}`);
  return 1 / rate;
}
