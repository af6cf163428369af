import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { TemporaryStack } from './temporary-stack';

const stacks: TemporaryStack[] = [];
const newStack = (...args: ConstructorParameters<typeof TemporaryStack>): TemporaryStack => {
  const stack = new TemporaryStack(...args);
  stacks.push(stack);
  return stack;
};

afterAll(() => {
  for (const stack of stacks) stack.remove();
});

describe('when the provider refuses inputs', () => {
  it('prints the value and the reason, and goes no further', async () => {
    const stack = newStack().program(`
      const bad = new Thing('bad', { value: 'wrong', mode: 'refuse' });
      new Thing('after', { value: bad.upper });
    `);
    const report = await stack.preview();
    expect(report.ok).toBe(false);
    expect(report.diagnostics).toEqual([
      'error: pulumi-nodejs:dynamic/test:Thing resource \'bad\': property value value {"wrong"} has a problem: is refused',
    ]);
    expect(report.steps.at(-1)).toMatchObject({ operation: 'create', name: 'bad' });
    expect(stack.calls()).toEqual(['check bad']);
  });
});

describe('when a create fails', () => {
  const stack = newStack();

  it('keeps what succeeded, and nothing of a resource that has no ID', async () => {
    stack.program(`
      const good = new Thing('good', { value: 'g', mode: 'print' });
      const bad = new Thing('bad', { value: good.upper, mode: 'fail' });
      new Thing('after', { value: bad.upper });
      exports.good = good.upper;
    `);
    const report = await stack.up();
    expect(report).toMatchObject({ ok: false, summary: { create: 1 } });
    expect(report.diagnostics).toEqual(
      expect.arrayContaining([
        'printed by the provider',
        'complained by the provider',
        'error: pulumi-nodejs:dynamic/test:Thing bad: the create did not work',
      ]),
    );
    expect(stack.names()).toEqual(['good']);
    expect(stack.exportState().pendingOperations).toEqual([]);
    expect(stack.calls('create')).toEqual(['create good', 'create bad']);
  });

  it('keeps a resource that has an ID, with its errors, and then updates it without a difference', async () => {
    stack.program(`new Thing('late', { value: 'l', mode: 'fail late' });`);
    const report = await stack.up();
    expect(report.steps.at(-1)).toMatchObject({ operation: 'create', name: 'late' });
    expect(report.steps.at(-1)?.error).toContain('it is not ready');
    expect(stack.recorded('late')).toMatchObject({
      id: 'late-0',
      initErrors: ['it is not ready'],
      outputs: { upper: 'L' },
    });
    stack.calls();
    stack.program(`new Thing('late', { value: 'l' });`);
    expect(await stack.up()).toMatchObject({ ok: true, summary: { update: 1, delete: 1 } });
    expect(stack.calls()).toEqual(['check late', 'diff late', 'update late', 'delete good']);
    expect(stack.recorded('late')).toMatchObject({ initErrors: [] });
  });

  it('keeps what was recorded of a resource whose update or deletion fails', async () => {
    stack.program(`new Thing('late', { value: 'changed', mode: 'fail' });`);
    expect((await stack.up()).steps.at(-1)?.error).toContain('the update did not work');
    expect(stack.recorded('late')).toMatchObject({ outputs: { upper: 'L' } });
    const state = stack.exportState();
    const resources = state.resources.map((resource) => ({
      ...resource,
      outputs: { ...resource.outputs, mode: 'stay' },
    }));
    stack.write('state.json', JSON.stringify({ ...state, resources }));
    expect((await stack.destroy()).diagnostics.join()).toContain('it does not go');
    expect(stack.names()).toEqual(['late']);
  });
});

describe('when the provider is killed in the middle of a call', () => {
  let provider: ChildProcess | undefined;
  const started: number[] = [];
  const stack: TemporaryStack = newStack({
    onProvider: (process) => {
      provider = process;
      started.push(process.pid ?? 0);
    },
    onLine: (line) => {
      if (line.startsWith('create') && line.endsWith('good')) void killOnceCalled();
    },
  });
  const killOnceCalled = async (): Promise<void> => {
    const journal = join(stack.dir, 'calls.jsonl');
    const called = (): boolean =>
      existsSync(journal) && readFileSync(journal, 'utf8').includes('["create","slow"');
    while (!called()) await new Promise((resolve) => setImmediate(resolve));
    provider?.kill('SIGKILL');
  };

  it('says how it ended, keeps the state, and starts another one in the next run', async () => {
    stack.program(`
      const good = new Thing('good', { value: 'g' });
      new Thing('slow', { value: good.upper, mode: 'hang' });
    `);
    const report = await stack.up();
    expect(report.ok).toBe(false);
    expect(report.steps.at(-1)?.error).toBe(
      'pulumi-nodejs:dynamic/test:Thing slow: the provider process ended during create (signal SIGKILL)',
    );
    expect(stack.names()).toEqual(['good']);
    stack.program(`new Thing('slow', { value: 's' });`);
    expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 1, delete: 1 } });
    expect(new Set(started).size).toBe(2);
  });

  it('leaves no process behind', () => {
    for (const pid of started) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('when an earlier run was cut short', () => {
  it('says so once and goes on', async () => {
    const stack = newStack();
    const pendingOperations = [{ operation: 'creating', urn: 'urn:pulumi:dev::trial::t::x' }];
    const empty = stack.exportState();
    stack.write('state.json', JSON.stringify({ ...empty, pendingOperations }));
    const report = await stack.destroy();
    expect(report.ok).toBe(true);
    expect(report.diagnostics).toEqual([
      'warning: an earlier run was interrupted while creating urn:pulumi:dev::trial::t::x; its record is dropped',
    ]);
    expect(stack.exportState().pendingOperations).toEqual([]);
  });
});

describe('when the program fails', () => {
  const stack = newStack();

  it('shows its error and deletes nothing', async () => {
    stack.program(`new Thing('there', { value: 't' }); exports.a = 1; exports.b = 1;`);
    await stack.up();
    stack.calls();
    // Node.js 20 takes 40 s to print a stack that ends in the SDK, and so does Pulumi with it.
    stack.program(
      `Error.stackTraceLimit = 1; exports.a = 2; throw new Error('the program gave up');`,
    );
    const report = await stack.up();
    expect(report.ok).toBe(false);
    expect(report.diagnostics.join()).toContain('the program gave up');
    expect(stack.names()).toEqual(['there']);
    expect(report.outputs).toEqual({ a: 1, b: 1 });
  });

  it('says which package it has no plugin for', async () => {
    stack.program(`pulumi.runtime.invoke('gcp:index/getRegion:getRegion', {});`);
    expect((await stack.up()).diagnostics.join()).toContain('no plugin for the package gcp');
  });
});
