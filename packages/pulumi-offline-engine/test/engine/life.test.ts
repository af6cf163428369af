import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { OfflineState, RunReport } from '../../src/engine';
import { TemporaryStack } from './temporary-stack';

const stack = new TemporaryStack({ onLine: (line) => lines.push(line) });
const lines: string[] = [];

afterAll(() => {
  stack.remove();
});

const operations = (report: RunReport): string[] =>
  report.steps.map(({ operation, name }) => `${operation} ${name}`);

describe('when a new stack is previewed', () => {
  let report: RunReport;
  beforeAll(async () => {
    stack.program(`
      const first = new Thing('first', { value: 'one' });
      const second = new Thing('second', { value: pulumi.interpolate\`\${first.upper}!\`, ref: first.id });
      new Thing('third', { value: 'three' });
      exports.shout = second.upper;
      exports.plain = first.value;
    `);
    report = await stack.preview();
  });

  it('says first what it is', () => {
    expect(lines[0]).toBe('pulumi-offline-engine (not Pulumi)');
    expect(lines).toEqual(report.lines);
  });

  it('reports what would be created and calls nothing but check', () => {
    expect(report).toMatchObject({ ok: true, summary: { create: 3 }, diagnostics: [] });
    const calls = stack.callDetails();
    expect(calls.map(([call]) => call)).toEqual(['check', 'check', 'check']);
    const news = calls.find(([, label]) => label === 'second')?.[2].news;
    expect(news).toMatchObject({
      value: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
      ref: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
    });
  });

  it('shows outputs that are not known yet as unknown', () => {
    expect(report.outputs).toEqual({ plain: 'one', shout: '[unknown]' });
  });

  it('writes no state', () => {
    expect(stack.exportState().resources).toEqual([]);
    expect(() => readFileSync(stack.stateFile)).toThrow('ENOENT');
  });
});

describe('when it is brought up', () => {
  let report: RunReport;
  beforeAll(async () => {
    report = await stack.up();
  });

  it('creates the stack, then the resources in the order of their dependencies', () => {
    expect(report).toMatchObject({ ok: true, summary: { create: 3 } });
    expect(operations(report)[0]).toBe('create trial-dev');
    const created = stack.calls('create');
    expect(created.indexOf('create first')).toBeLessThan(created.indexOf('create second'));
  });

  it('gives the outputs of one resource to the next and to the stack', () => {
    expect(report.outputs).toEqual({ plain: 'one', shout: 'ONE!' });
    expect(stack.recorded('second')).toMatchObject({
      id: 'second-0',
      inputs: { value: 'ONE!', ref: 'first-0' },
      outputs: { upper: 'ONE!' },
      parent: stack.recorded('trial-dev')!.urn,
      dependencies: [stack.recorded('first')!.urn],
    });
  });
});

describe('when nothing has changed', () => {
  let report: RunReport;
  let before: string;
  beforeAll(async () => {
    before = readFileSync(stack.stateFile, 'utf8');
    report = await stack.up();
  });

  it('checks against the old inputs, compares with the old outputs and does no more', () => {
    expect(report.summary).toEqual({ same: 3 });
    const calls = stack.callDetails();
    expect(new Set(calls.map(([call]) => call))).toEqual(new Set(['check', 'diff']));
    const [check, diff] = calls.filter(([, label]) => label === 'first').map(([, , args]) => args);
    expect(check!.olds).not.toHaveProperty('upper');
    expect(diff!.olds).toHaveProperty('upper', 'ONE');
  });

  it('leaves the state as it was', () => {
    expect(readFileSync(stack.stateFile, 'utf8')).toBe(before);
  });
});

describe('when the program changes', () => {
  let report: RunReport;
  beforeAll(async () => {
    stack.program(`
      const first = new Thing('first', { value: 'uno' });
      new Thing('second', { value: 'two', kind: 'other', ref: first.id });
    `);
    report = await stack.up();
  });

  it('updates, replaces, and deletes what left the program', () => {
    expect(report.summary).toEqual({ update: 1, replace: 1, delete: 1 });
    expect(report.outputs).toEqual({});
    expect(stack.names()).toEqual(['first', 'second']);
    expect(stack.recorded('second')).toMatchObject({ id: 'second-1', delete: false });
  });

  it('checks a replacement as if it were new, and deletes the old one after all that is new', () => {
    const calls = stack.callDetails();
    const checks = calls.filter(([call, label]) => call === 'check' && label === 'second');
    expect(checks.map(([, , { olds }]) => Object.keys(olds!).length)).toEqual([4, 0]);
    const order = calls.map(([call, label]) => `${call} ${label}`);
    expect(order.indexOf('delete second')).toBeGreaterThan(order.indexOf('create second'));
    expect(order.filter((call) => call.startsWith('delete')).sort()).toEqual([
      'delete second',
      'delete third',
    ]);
  });

  it('keeps the state of before beside the state', () => {
    const { resources } = stack.read('state.json.bak') as OfflineState;
    expect(resources.length).toBeGreaterThanOrEqual(stack.exportState().resources.length);
  });
});

describe('when something has changed behind its back', () => {
  let report: RunReport;
  beforeAll(async () => {
    const thing = stack.read('first-0.thing.json') as object;
    stack.write('first-0.thing.json', JSON.stringify({ ...thing, upper: 'DRIFTED' }));
    rmSync(join(stack.dir, 'second-1.thing.json'));
    report = await stack.refresh();
  });

  it('records what a refresh finds, and forgets what is gone', () => {
    expect(operations(report).sort()).toEqual(['delete second', 'refresh first']);
    expect(stack.calls('delete', 'update')).toEqual([]);
    expect(stack.recorded('first')).toMatchObject({
      inputs: { value: 'uno' },
      outputs: { upper: 'DRIFTED' },
    });
    expect(stack.names()).toEqual(['first']);
  });
});

describe('when it is destroyed', () => {
  let report: RunReport;
  beforeAll(async () => {
    stack.program(`
      const first = new Thing('first', { value: 'uno' });
      const group = new pulumi.ComponentResource('test:index:Group', 'group', {}, { dependsOn: first });
      new Thing('member', { value: 'm' }, { parent: group });
      new Thing('follower', { value: 'f' }, { dependsOn: group });
    `);
    expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 1, create: 3 } });
    stack.calls();
    report = await stack.destroy();
  });

  it('deletes in the reverse order of the dependencies and leaves nothing', () => {
    expect(operations(report)).toEqual([
      'delete follower',
      'delete member',
      'delete group',
      'delete first',
      'delete trial-dev',
    ]);
    expect(stack.calls()).toEqual(['delete follower', 'delete member', 'delete first']);
    expect(stack.exportState().resources).toEqual([]);
  });
});
