// Imports material as a provider process does, prints a line, which may be an error, and waits to be ended.
const { join } = require('node:path');

const { provider } = require(join(__dirname, '..', '..', 'dist', 'provider'));
// The first argument is the address of the engine, as the provider gets it.
const { program } = JSON.parse(process.argv[3]);

(async () => {
  await provider.configure({ config: { get: () => undefined } });
  const { inputs, failures } = await provider.check({}, program);
  const line =
    failures.length > 0
      ? failures[0].reason
      : await provider.create(inputs).then(
          ({ outs }) => outs.importState,
          ({ message }) => message,
        );
  process.stdout.write(`${line}\n`);
  setInterval(() => undefined, 1_000);
})();
