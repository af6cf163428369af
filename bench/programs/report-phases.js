// Preloaded into the processes of an update. Charges the time of loading modules to those to whom they belong, and the
// time of the provider's functions to this package, and writes a line of JSON when the program ends or when the provider
// calls KMS for the first time.
const entry = process.argv[1] ?? '';
const role = entry.includes('dynamic-provider')
  ? 'provider'
  : /[/\\]cmd[/\\]run(?:[/\\]|$)/.test(entry)
    ? 'program'
    : undefined;
if (role !== undefined) watch();

function watch() {
  const Module = require('node:module');
  const http = require('node:http');
  const { appendFileSync } = require('node:fs');
  const { sep } = require('node:path');

  const spent = { program: 0, sdk: 0, awsSdk: 0, ours: 0 };
  const owners = [];
  let since = 0;
  const charge = () => {
    const now = performance.now();
    const owner = owners.at(-1);
    if (owner !== undefined) spent[owner] += now - since;
    since = now;
  };
  const ownerOf = (file) => {
    if (file.startsWith(process.env.BENCH_DIST + sep)) return 'ours';
    if (/[/\\]@(?:aws-sdk|aws-crypto|smithy)[/\\]/.test(file)) return 'awsSdk';
    if (/[/\\]node_modules[/\\]@pulumi[/\\]/.test(file)) return 'sdk';
    // A library belongs to those who load it first.
    if (file.includes(`${sep}node_modules${sep}`)) return owners.at(-1) ?? 'sdk';
    return file.includes(sep) ? 'program' : (owners.at(-1) ?? 'sdk');
  };

  const load = Module._load;
  Module._load = function (request, parent, ...rest) {
    let file = request;
    try {
      file = Module._resolveFilename(request, parent, ...rest);
    } catch {
      // The loader says so.
    }
    charge();
    owners.push(ownerOf(file));
    try {
      const exported = load.call(this, request, parent, ...rest);
      if (file.endsWith(['dist', 'provider', 'index.js'].join(sep)))
        timeFunctionsOf(exported.provider);
      return exported;
    } finally {
      charge();
      owners.pop();
    }
  };

  const started = performance.now();
  let run = 0;
  const running = new Map();
  const total = () => Object.values(spent).reduce((sum, one) => sum + one, 0);
  // Without the loading of modules in it, which is charged above.
  const elapsed = ({ at, loaded }) => performance.now() - at - (total() - loaded);
  function timeFunctionsOf(provider) {
    if (provider === undefined || provider.isTimed === true) return;
    for (const name of ['check', 'create']) {
      const original = provider[name];
      provider[name] = async function (...args) {
        const call = { at: performance.now(), loaded: total() };
        running.set(name, call);
        try {
          return await original.apply(this, args);
        } finally {
          if (running.delete(name)) run += elapsed(call);
        }
      };
    }
    Object.defineProperty(provider, 'isTimed', { value: true });
  }

  let isWritten = false;
  const write = () => {
    if (isWritten) return;
    isWritten = true;
    charge();
    for (const call of running.values()) run += elapsed(call);
    const line = { role, node: started, ...spent, run, end: Date.now() };
    appendFileSync(process.env.BENCH_PHASES_FILE, `${JSON.stringify(line)}\n`);
  };
  if (role === 'program') process.on('exit', write);
  const { request } = http;
  http.request = function (...args) {
    if (role === 'provider' && String(args[0].port) === process.env.BENCH_KMS_PORT) write();
    return request.apply(this, args);
  };
}
