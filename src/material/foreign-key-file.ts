import { X509Certificate, createPublicKey } from 'node:crypto';
import { jsonMembers } from './json-members';
import type { Lookalike } from './hint';
import { plainText } from './text';

interface ForeignFormat extends Lookalike {
  readonly recognises: (content: Buffer, text: string) => boolean;
}

const IS_PRIVATE_PEM = /-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----/;

// Commands that say more than fits into a line of the table. OpenSSL reads no PEM in one line, so that becomes DER.
const TO_DER =
  "sed 's/\\\\[nr]//g; s/-----[A-Z ]*-----//g' key.pem | tr -d '[:space:]' | openssl base64 -d -A -out key.der";
const UNQUOTED = `printf '%b' "$(tr -d '\\042\\047' < key.txt | sed 's/^.*-----BEGIN/-----BEGIN/')" > key.pem`;
const WITH_PRIMES = [
  'python3 -c "import json,base64;from cryptography.hazmat.primitives.asymmetric.rsa import *;from cryptography.hazmat.primitives.serialization import *;',
  "j=json.load(open('key.json'));n,e,d=[int.from_bytes(base64.urlsafe_b64decode(j[m]+'=='),'big') for m in 'ned'];p,q=rsa_recover_prime_factors(n,e,d);",
  'print(RSAPrivateNumbers(p,q,d,rsa_crt_dmp1(d,p),rsa_crt_dmq1(d,q),rsa_crt_iqmp(p,q),RSAPublicNumbers(e,n)).private_key().private_bytes(Encoding.PEM,PrivateFormat.PKCS8,NoEncryption()).decode())" > key.pem',
].join('');

// Files that people have in the place of a private key that can be read. The names of the files are examples.
const FOREIGN_FORMATS: readonly ForeignFormat[] = [
  {
    what: 'an OpenSSH private key',
    remedy:
      'convert a copy of it (ssh-keygen -p -N "" -m PKCS8 -f key; for Ed25519, this needs OpenSSH 9.6 or later)',
    recognises: (_, text) => text.includes('-----BEGIN OPENSSH PRIVATE KEY-----'),
  },
  {
    what: 'a PuTTY private key',
    remedy: 'convert it (puttygen key.ppk -O private-openssh -o key.pem)',
    recognises: (_, text) => text.startsWith('PuTTY-User-Key-File-'),
  },
  {
    what: 'JSON with a private key in PEM',
    remedy: `give only that member (jq -r '.. | strings | select(startswith("-----BEGIN"))' key.json > key.pem)`,
    recognises: (_, text) => IS_PRIVATE_PEM.test(text) && text.trimStart().startsWith('{'),
  },
  {
    what: 'a PEM private key in quotes',
    remedy: `remove them (${UNQUOTED})`,
    recognises: (_, text) => IS_PRIVATE_PEM.test(text) && /["']-----BEGIN/.test(text),
  },
  {
    what: 'a PEM private key in UTF-16',
    remedy: 'save it as ASCII (iconv -f UTF-16LE -t ASCII key.pem > ascii.pem)',
    recognises: (content) => content.includes(Buffer.from('-----BEGIN ', 'utf16le')),
  },
  {
    what: 'a PEM private key whose line ends are those of an old Macintosh',
    remedy: "convert them (tr '\\r' '\\n' < key.pem > unix.pem)",
    recognises: (_, text) =>
      IS_PRIVATE_PEM.test(text) && text.includes('\r') && !text.includes('\n'),
  },
  {
    what: 'a PEM private key whose line ends are written as \\n',
    remedy: `write real line ends (in a variable: KEY="$(printf '%b' "$KEY")"), or convert it (${TO_DER})`,
    recognises: (_, text) => IS_PRIVATE_PEM.test(text) && /-----\s*(?:\\r)?\\n/.test(text),
  },
  {
    what: 'a PEM private key in one line',
    remedy: `convert it (${TO_DER})`,
    recognises: (_, text) => IS_PRIVATE_PEM.test(text) && /KEY-----[ \t]*[A-Za-z0-9+/]/.test(text),
  },
  {
    what: 'a PEM private key whose lines are indented',
    remedy: "remove the white space (sed 's/^[[:space:]]*//' indented.pem > key.pem)",
    recognises: (_, text) =>
      IS_PRIVATE_PEM.test(text) && /^[ \t]+(?:-----|[A-Za-z0-9+/=]+\s*$)/m.test(text),
  },
  {
    what: 'a PEM private key without its last line',
    remedy: 'the file was cut off: copy or export it again',
    recognises: (_, text) => IS_PRIVATE_PEM.test(text) && !/-----END [A-Z ]+-----/.test(text),
  },
  {
    what: 'a PKCS#7 file, which has certificates',
    remedy: 'give the private key that belongs to them',
    recognises: (_, text) => /-----BEGIN (?:PKCS7|PKCS #7 SIGNED DATA|CMS)-----/.test(text),
  },
  {
    what: 'a PGP key',
    remedy: 'export the key in PKCS#8, because KMS has no use for PGP',
    recognises: (_, text) => text.includes('-----BEGIN PGP '),
  },
  {
    what: 'a PKCS#12 file',
    remedy: 'extract its key (openssl pkcs12 -in key.p12 -nocerts -nodes -out key.pem)',
    recognises: (content) => isPkcs12(content),
  },
  {
    what: 'a Java keystore',
    remedy:
      'convert it (keytool -importkeystore -srckeystore key.jks -destkeystore key.p12 -deststoretype PKCS12 && openssl pkcs12 -in key.p12 -nocerts -nodes -out key.pem)',
    // JKS and JCEKS, in their versions 1 and 2.
    recognises: (content) =>
      /^(?:feedfeed|cececece)0000000[12]/.test(content.subarray(0, 8).toString('hex')),
  },
  {
    what: 'a certificate',
    remedy:
      'give the private key that belongs to it, which a certificate does not have (openssl x509 -in cert.pem -noout -pubkey and openssl pkey -in key.pem -pubout print the same)',
    recognises: (content, text) => !IS_PRIVATE_PEM.test(text) && isCertificate(content, text),
  },
  {
    what: 'a certificate request',
    remedy: 'give the private key that belongs to it, which a request does not have',
    recognises: (_, text) => /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/.test(text),
  },
  {
    what: 'a public key',
    remedy:
      'give the private key that belongs to it (openssl pkey -in key.pem -pubout prints the public key of a private one)',
    recognises: (content, text) => !IS_PRIVATE_PEM.test(text) && isPublicKey(content, text),
  },
  {
    what: 'an RSA JWK without its primes',
    remedy: `export it again with p, q, dp, dq and qi, or compute them (${WITH_PRIMES})`,
    recognises: (_, text) => {
      const { kty, d, p } = membersOf(text);
      return kty === 'RSA' && d !== undefined && p === undefined;
    },
  },
  {
    what: 'a public JWK',
    remedy: 'give the private JWK, which has a member d',
    recognises: (_, text) => {
      const { kty, d } = membersOf(text);
      return typeof kty === 'string' && kty !== 'oct' && d === undefined;
    },
  },
  {
    what: 'a JWK set',
    remedy:
      "give one of its keys (jq '.keys[0]' key.json prints the first), and set encoding: 'jwk'",
    recognises: (_, text) => Array.isArray(membersOf(text).keys),
  },
];

/** Returns which file of another format, or of other content than a private key, this is. */
export function foreignKeyFile(content: Buffer): Lookalike | undefined {
  const text = keyText(content);
  return FOREIGN_FORMATS.find(({ recognises }) => recognises(content, text));
}

// Only content that begins as these formats do becomes a string, which could not be erased.
function keyText(content: Buffer): string {
  const plain = plainText(content);
  const isText =
    plain.includes('-----BEGIN ') ||
    plain.includes('---- BEGIN ') ||
    plain.subarray(0, 64).toString('latin1').trimStart().startsWith('{') ||
    plain.subarray(0, 20).toString('latin1') === 'PuTTY-User-Key-File-';
  return isText ? plain.toString('utf8') : '';
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  return text.trimStart().startsWith('{') ? jsonMembers(text) : {};
}

// PFX: a SEQUENCE that begins with the version 3 (RFC 7292 section 4); some programs write indefinite lengths.
function isPkcs12(content: Buffer): boolean {
  // A secret is shorter, and may begin with these bytes by chance.
  return (
    content.length > 128 &&
    /^30(?:80|[0-7].|81..|82.{4}|83.{6})020103/.test(content.subarray(0, 8).toString('hex'))
  );
}

function isCertificate(content: Buffer, text: string): boolean {
  if (/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text)) return true;
  return isDer(content, () => new X509Certificate(content));
}

function isPublicKey(content: Buffer, text: string): boolean {
  if (/-----BEGIN (?:RSA )?PUBLIC KEY-----|---- BEGIN SSH2 PUBLIC KEY ----/.test(text)) return true;
  if (/^(?:ssh-|ecdsa-sha2-)/.test(content.subarray(0, 11).toString('latin1'))) return true;
  return (['spki', 'pkcs1'] as const).some((type) =>
    isDer(content, () => createPublicKey({ key: content, format: 'der', type })),
  );
}

// A stack may have thousands of secrets, and OpenSSL needs long to refuse one. An ASN.1 SEQUENCE begins with 0x30.
function isDer(content: Buffer, read: () => unknown): boolean {
  if (content[0] !== 0x30) return false;
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
