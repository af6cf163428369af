'use strict';

// Loaded into the Node.js processes that tests start. They spend most of their time on loading, mostly what they
// never use. This loads it when it is used.
const Module = require('node:module');

/** Files, the modules that they load, and what they get instead. */
const LATER = [
  // TypeScript and the others only serialize functions.
  [
    /\/@pulumi\/pulumi\/(typescript-shim|runtime\/closure\/codePaths)\.js$/,
    /^(typescript|@npmcli\/arborist|normalize-package-data)$/,
    membersLater,
  ],
  // The debugger would report every script, to name the files of serialized functions.
  [
    /\/@pulumi\/pulumi\/cmd\/[\w-]+\/index\.js$/,
    /\/closure\/v8Hooks$/,
    () => ({ isInitializedAsync: () => Promise.resolve() }),
  ],
  // OpenTelemetry only writes traces.
  [
    /\/@pulumi\/pulumi\/cmd\/run\/tracing\.js$/,
    /^@opentelemetry\/(?!api$)/,
    (load) => withMembers((name) => calledLater(() => load()[name])),
  ],
  [
    /\/@pulumi\/pulumi\/(runtime\/settings|cmd\/run\/(tracing|instrumentation))\.js$/,
    /^@opentelemetry\/api$/,
    membersLater,
  ],
  // Versions are compared when a program has packages.
  [
    /\/@pulumi\/pulumi\/(runtime\/(rpc|closure\/rewriteSuper)|cmd\/[\w-]+\/run)\.js$/,
    /^semver$/,
    membersLater,
  ],
  // Every resource takes a stack trace, and each of its files would be mapped to its source.
  [/\/@pulumi\/pulumi\/cmd\/[\w-]+\/index\.js$/, /^source-map-support\/register$/, () => ({})],
  [/\/@pulumi\/pulumi\/index\.js$/, /^\.\/automation$/, membersLater],
  // One module for each of 250 services.
  [/\/@pulumi\/aws\/index\.js$/, /^\.\/(?!provider$|tags$|util)[a-z0-9]+$/, membersLater],
  // Messages in 50 languages.
  [/\/zod\/v4\/(core|classic)\/\w+\.cjs$/, /^\.\.\/locales\/index\.cjs$/, membersLater],
];

const load = Module._load;

Module._load = function (request, parent, ...rest) {
  const now = () => load.call(this, request, parent, ...rest);
  const asking = (parent?.filename ?? '').replaceAll('\\', '/');
  const found = LATER.find(([file, module]) => module.test(request) && file.test(asking));
  return found === undefined ? now() : found[2](now);
};

/** A module that is loaded when one of its members is used. */
function membersLater(loaded) {
  return withMembers((name) => loaded()[name]);
}

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
