import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** An https server with a certificate of its own. */
export interface TlsEndpoint {
  readonly port: number;
  /** File of the certificate, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts an https server that passes everything on to a server without TLS.
 *
 * @param folder - for the key and the certificate
 */
export async function startTlsEndpoint(
  target: string,
  names: readonly string[],
  folder: string,
): Promise<TlsEndpoint> {
  const [key, certificate] = [join(folder, 'tls.key'), join(folder, 'tls.pem')];
  const subjects = names.map((name) => `DNS:${name}`).join(',');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
      .concat(['-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=endpoint'])
      .concat(['-addext', `subjectAltName=${subjects}`]),
    { stdio: 'ignore' },
  );
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (incoming, outgoing) => {
      const { method = 'POST', headers, url: path = '/' } = incoming;
      const { port } = new URL(target);
      const passed = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(passed);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
