'use strict';

// In the processes of Jest, replaces what the Pulumi SDK uses only to serialize functions, which no test does there.
module.exports = new Proxy(
  {},
  {
    get: (_target, name) => {
      if (name === '__esModule') return true;
      throw new Error(`tests run without what the SDK serializes functions with: ${String(name)}`);
    },
  },
);
