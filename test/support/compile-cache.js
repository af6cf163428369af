'use strict';

// Loaded into the Node.js processes that tests start. Each of them compiles the same hundreds of files, so that they
// keep what V8 made of them in a folder of the run. Node.js can do this itself from version 22 on.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join, sep } = require('node:path');
const { Script } = require('node:vm');

/** Files elsewhere are programs of one test. */
const ROOT = join(__dirname, '..', '..') + sep;

/** A script from a cache cannot import. */
const IMPORT = /\bimport\s*\(/;

/** Many processes are killed, and so would never write at their exit. By then a process has loaded its files. */
const LOADED_MS = 700;

const folder = process.env.TEST_COMPILE_CACHE;
if (folder !== undefined && process.argv[1] !== undefined) start();

function start() {
  if (Module.enableCompileCache !== undefined) {
    Module.enableCompileCache(folder);
    setTimeout(() => Module.flushCompileCache?.(), LOADED_MS).unref();
    return;
  }
  // Processes with the same entry load about the same.
  const entry = process.argv[1].replaceAll(/[^\w]+/g, '-').slice(-150);
  const file = join(folder, entry);
  const known = read(file);
  const compiled = new Map();
  let hasNew = false;

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, format) {
    const usual = () => compile.call(this, content, filename, format);
    if (!filename.startsWith(ROOT) || format === 'module' || IMPORT.test(content)) return usual();
    const cachedData = known.get(filename);
    let script;
    try {
      script = new Script(Module.wrap(content.replace(/^#!.*/, '')), {
        filename,
        cachedData,
      });
    } catch {
      return usual();
    }
    if (cachedData === undefined || script.cachedDataRejected) {
      compiled.set(filename, script);
      hasNew = true;
    }
    const require = requireOf(this);
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, require, this, filename, dirname(filename));
  };

  const keep = () => {
    if (!hasNew) return;
    hasNew = false;
    const all = read(file);
    for (const [name, script] of compiled) all.set(name, script.createCachedData());
    write(file, all);
  };
  setTimeout(keep, LOADED_MS).unref();
  process.on('exit', keep);
}

/** The `require` of a module, as Node.js makes it. */
function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

// A file begins with the length of its index, in 4 bytes. The index has the name and the size of each entry, as JSON.
function read(file) {
  let content;
  try {
    content = readFileSync(file);
  } catch {
    return new Map();
  }
  let at = 4 + content.readUInt32LE(0);
  const index = JSON.parse(content.toString('utf8', 4, at));
  return new Map(index.map(([name, size]) => [name, content.subarray(at, (at += size))]));
}

function write(file, entries) {
  const index = Buffer.from(
    JSON.stringify([...entries].map(([name, { length }]) => [name, length])),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(index.length);
  const unfinished = `${file}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([length, index, ...entries.values()]));
    renameSync(unfinished, file);
  } catch {
    // The run has ended, and its folder is gone.
  }
}
