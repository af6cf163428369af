// Imports material as a provider process does, prints a line, and waits to be ended.
const { join } = require('node:path');

const { provider } = require(join(__dirname, '..', '..', 'dist', 'provider'));
const { program } = JSON.parse(process.argv[2]);

(async () => {
  await provider.configure({ config: { get: () => undefined } });
  const { inputs, failures } = await provider.check({}, program);
  if (failures.length > 0) throw new Error(failures[0].reason);
  const { outs } = await provider.create(inputs);
  process.stdout.write(`${outs.importState}\n`);
  setInterval(() => undefined, 1_000);
})();
