import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { OfflineStack, type OfflineStackOptions } from '../../src/engine';

/** The resource class of the test programs, and next to it a provider that keeps its things in files. */
const THING = `
const pulumi = require('@pulumi/pulumi');
class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super('pulumi-nodejs:dynamic/test:Thing', name, {
      label: name, upper: undefined, token: undefined, ...args,
      __provider: 'exports.handler = () => require("./provider.js")',
    }, opts);
  }
}
exports.Thing = Thing;
`;

const PROVIDER = `
const fs = require('fs');
const path = require('path');
const file = (id) => path.join(__dirname, id + '.thing.json');
const note = (call, ...args) =>
  fs.appendFileSync(path.join(__dirname, 'calls.jsonl'), JSON.stringify([call, ...args]) + '\\n');
const outs = (inputs) => ({ ...inputs, upper: String(inputs.value).toUpperCase(), token: 'token-of-' + inputs.label });
const write = (id, inputs) => fs.writeFileSync(file(id), JSON.stringify(outs(inputs)));
let config;
exports.configure = (request) => { config = request.config; };
exports.check = async (olds, news) => {
  note('check', news.label, { olds, news });
  if (news.mode === 'refuse') return { inputs: news, failures: [{ property: 'value', reason: 'is refused' }] };
  return { inputs: news };
};
exports.diff = async (id, olds, news) => {
  note('diff', news.label, { olds, news });
  if (news.mode === 'undecided') return {};
  return {
    changes: ['value', 'kind', 'hidden', 'ref'].some((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key])),
    replaces: olds.kind === news.kind ? [] : ['kind'],
    deleteBeforeReplace: news.mode === 'delete first',
  };
};
exports.create = async (inputs) => {
  note('create', inputs.label, { inputs });
  if (inputs.mode === 'print') { console.log('printed by the provider'); console.error('complained by the provider'); }
  if (inputs.mode === 'config') inputs = { ...inputs, value: config.require('word') + '/' + config.get('other:word') };
  if (inputs.mode === 'fail') throw new Error('the create did not work');
  if (inputs.mode === 'hang') await new Promise(() => {});
  const id = inputs.label + '-' + fs.readdirSync(__dirname).filter((name) => name.startsWith(inputs.label)).length;
  write(id, inputs);
  if (inputs.mode === 'fail late') {
    throw Object.assign(new Error('hidden'), { id, properties: outs(inputs), reasons: ['it is not ready'] });
  }
  return { id, outs: outs(inputs) };
};
exports.read = async (id, props) => {
  note('read', props.label);
  if (!fs.existsSync(file(id))) return {};
  return { id, props: JSON.parse(fs.readFileSync(file(id), 'utf8')) };
};
exports.update = async (id, olds, news) => {
  note('update', news.label, { olds, news });
  if (news.mode === 'fail') throw new Error('the update did not work');
  write(id, news);
  return { outs: outs(news) };
};
exports.delete = async (id, props) => {
  note('delete', props.label);
  if (props.mode === 'stay') throw new Error('it does not go');
  fs.rmSync(file(id), { force: true });
};
`;

/** The call, the label of the thing, and the arguments. */
export type Call = readonly [string, string, Record<string, Record<string, unknown>>];

/** A Pulumi project in a temporary folder, with a stack. */
export class TemporaryStack extends OfflineStack {
  readonly dir: string;
  readonly stateFile: string;

  constructor(options: Partial<OfflineStackOptions> = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'offline-engine-'));
    const stateFile = join(dir, 'state.json');
    super({ projectDir: dir, stateFile, ...options });
    this.dir = dir;
    this.stateFile = stateFile;
    symlinkSync(resolve('node_modules'), join(dir, 'node_modules'));
    this.write(
      'Pulumi.yaml',
      'name: trial\nruntime: { name: nodejs, options: { typescript: false } }\n',
    );
    this.write('package.json', '{ "name": "trial", "private": true }');
    this.write('thing.js', THING);
    this.write('provider.js', PROVIDER);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.dir, name), text);
  }

  /** Sets the program; `pulumi` and `Thing` are there. */
  program(text: string): this {
    this.write(
      'index.js',
      `const pulumi = require('@pulumi/pulumi'); const { Thing } = require('./thing.js');\n${text}`,
    );
    return this;
  }

  /** The calls since the last time, such as `create a`. */
  calls(...only: string[]): string[] {
    return this.callDetails()
      .map(([call, label]) => `${call} ${label}`)
      .filter((call) => only.length === 0 || only.includes(call.split(' ')[0]!));
  }

  /** The calls since the last time, with what they were called with. */
  callDetails(): Call[] {
    const path = join(this.dir, 'calls.jsonl');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    rmSync(path);
    return lines.map((line) => JSON.parse(line) as Call);
  }

  /** The recorded resource of a name. */
  recorded(name: string) {
    return this.exportState().resources.find(({ urn }) => urn.endsWith(`::${name}`));
  }

  /** The names of what is recorded, without the stack and the provider. */
  names(): string[] {
    return this.exportState()
      .resources.map(({ urn }) => urn.split('::').at(-1)!)
      .filter((name) => !['trial-dev', 'default'].includes(name));
  }

  /** The contents of a JSON file of the folder. */
  read(name: string): unknown {
    return JSON.parse(readFileSync(join(this.dir, name), 'utf8'));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
