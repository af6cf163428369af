// The least that a dynamic resource of the SDK can be, with so many outputs, and so many that have no value.
const pulumi = require('@pulumi/pulumi');

const config = new pulumi.Config();
const outputs = config.getNumber('outputs') ?? 0;
const absent = config.getNumber('absent') ?? 0;
// Text that makes the state of a resource as large as that of another.
const padding = 'x'.repeat(config.getNumber('padding') ?? 0);

const provider = {
  async create(inputs) {
    const outs = { ...inputs };
    for (let index = 0; index < outputs; index += 1) outs[`output${index}`] = 'same';
    return { id: 'noop', outs };
  },
  async diff() {
    return { changes: false };
  },
};

class Noop extends pulumi.dynamic.Resource {}

const declared = {};
for (let index = 0; index < outputs + absent; index += 1) declared[`output${index}`] = undefined;
const count = config.requireNumber('count');
for (let index = 0; index < count; index += 1) {
  new Noop(provider, `root-${index}`, { value: `same${padding}`, ...declared });
}
