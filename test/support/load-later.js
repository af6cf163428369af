'use strict';

// Loaded into the Node.js processes that tests start. When it starts, the Pulumi SDK loads TypeScript and Arborist,
// which only serialize functions, and OpenTelemetry, which only writes traces. They take most of its time.
const Module = require('node:module');

const SERIALIZER =
  /[\\/]@pulumi[\\/]pulumi[\\/](typescript-shim|runtime[\\/]closure[\\/]codePaths)\.js$/;
const TRACER = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]tracing\.js$/;

const load = Module._load;

Module._load = function (request, parent, ...rest) {
  const now = () => load.call(this, request, parent, ...rest);
  const asking = parent?.filename ?? '';
  if (SERIALIZER.test(asking) && /^(typescript|@npmcli\/arborist)$/.test(request)) {
    return withMembers((name) => now()[name]);
  }
  if (TRACER.test(asking) && /^@opentelemetry\/(?!api$)/.test(request)) {
    return withMembers((name) => calledLater(() => now()[name]));
  }
  return now();
};

function withMembers(memberOf) {
  return new Proxy({}, { get: (_target, name) => name === '__esModule' || memberOf(name) });
}

/** A function or a class that is loaded when it is called. */
function calledLater(loaded) {
  return new Proxy(function () {}, {
    apply: (_target, self, args) => Reflect.apply(loaded(), self, args),
    construct: (_target, args) => Reflect.construct(loaded(), args),
  });
}
