/**
 * The most that is read of a file or of a command: no importable material comes near it in any
 * encoding (the largest, an RSA_4096 private key, has 2.4 kB).
 */
export const MATERIAL_LIMIT_BYTES = 65_536;
