// Imports material over TLS, case by case, and prints what came of each. It has the TLS server itself, because only a
// Node.js with hybrid key exchange can serve it.
const { randomBytes } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { request } = require('node:http');
const { createServer } = require('node:https');
const { createServer: createProxy } = require('node:http');
const { connect } = require('node:net');
const { join } = require('node:path');

const { provider } = require(join(__dirname, '..', '..', 'dist', 'provider'));
const { kms, key, certificate, cases } = JSON.parse(process.argv[2]);

const listening = (server) =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server.address().port);
    });
  });

async function run({ keyId, transport, tls, isThroughProxy }) {
  let requests = 0;
  const target = new URL(kms);
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate), ...tls },
    (incoming, outgoing) => {
      requests += 1;
      const { method, headers, url: path } = incoming;
      const options = { host: target.hostname, port: target.port, path, method, headers };
      incoming.pipe(
        request(options, (answer) => {
          outgoing.writeHead(answer.statusCode, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    },
  );
  const port = await listening(server);
  // Every connection of the proxy leads to the server, which ends TLS in the place of the host.
  const proxy = createProxy().on('connect', (_request, client) => {
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  const proxyPort = await listening(proxy);
  process.env.HTTPS_PROXY = isThroughProxy ? `http://127.0.0.1:${proxyPort}` : '';
  const endpoint = isThroughProxy ? 'https://kms.example' : `https://localhost:${port}`;
  await provider.configure({ config: { get: () => undefined } });
  const { inputs, failures } = await provider.check(
    {},
    {
      keyId,
      material: { inline: randomBytes(32).toString('base64') },
      wrappingKeySpec: 'RSA_2048',
      connection: { region: 'eu-west-1', endpoint, maxRetries: 0, ...(transport && { transport }) },
    },
  );
  if (failures.length > 0) throw new Error(failures[0].reason);
  const result = await provider.create(inputs).then(
    ({ outs }) => ({ keyExchange: outs.importReceipt.keyExchange ?? null }),
    ({ message }) => ({ refused: message }),
  );
  server.closeAllConnections();
  server.close();
  proxy.close();
  return { ...result, requests };
}

(async () => {
  const results = [];
  for (const one of cases) results.push(await run(one));
  process.stdout.write(JSON.stringify(results), () => {
    process.exit();
  });
})();
