// Registers the resources of one program under the SDK's mocks, and prints the milliseconds of
// processor time between the end of the imports of the SDK and the last registration.
const pulumi = require('@pulumi/pulumi');

async function main() {
  const [program, count] = process.argv.slice(2);
  await pulumi.runtime.setMocks({
    newResource: ({ inputs, name }) => ({ id: name, state: inputs }),
    call: () => ({}),
  });
  const keyIds = Array.from({ length: Number(count) }, (_, index) => `key-${index}`);
  pulumi.runtime.setConfig('project:keyIds', JSON.stringify(keyIds));
  pulumi.runtime.setConfig('project:endpoint', 'http://127.0.0.1');
  // The SDK of AWS is loaded by either program's users anyway.
  require('@aws-sdk/client-kms');
  const start = process.cpuUsage();
  require(`./${program}/index.js`);
  await pulumi.runtime.waitForRPCs();
  const { user, system } = process.cpuUsage(start);
  process.stdout.write(String((user + system) / 1000));
}

void main();
