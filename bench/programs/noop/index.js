// The least that a dynamic resource of the SDK can be.
const pulumi = require('@pulumi/pulumi');

const provider = {
  async create(inputs) {
    return { id: 'noop', outs: inputs };
  },
  async diff() {
    return { changes: false };
  },
};

class Noop extends pulumi.dynamic.Resource {}

const count = new pulumi.Config().requireNumber('count');
for (let index = 0; index < count; index += 1) {
  new Noop(provider, `root-${index}`, { value: 'same' });
}
