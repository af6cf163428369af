import type { RunReport } from '../../src/engine';
import { TemporaryStack } from './temporary-stack';

const stacks: TemporaryStack[] = [];
const newStack = (text: string): TemporaryStack => {
  const stack = new TemporaryStack().program(text);
  stacks.push(stack);
  return stack;
};

const first = new Map<TemporaryStack, RunReport>();

beforeAll(async () => {
  await Promise.all(
    stacks.map(async (stack) => {
      first.set(stack, await stack.up());
      stack.calls();
    }),
  );
});

afterAll(() => {
  for (const stack of stacks) stack.remove();
});

describe('when resources are protected', () => {
  const stack = newStack(`
    const base = new Thing('base', { value: 'b' });
    new Thing('kept', { value: base.upper }, { protect: true });
    new Thing('loose', { value: 'l' });
  `);
  it('refuses to delete them and what they depend on, and deletes the rest', async () => {
    const report = await stack.destroy();
    expect(report).toMatchObject({ ok: false, summary: { delete: 1 } });
    expect(report.diagnostics.join()).toContain('cannot be deleted because it is protected');
    expect(stack.calls()).toEqual(['delete loose']);
    expect(stack.names()).toEqual(['base', 'kept']);
  });

  it('refuses to replace them', async () => {
    stack.program(`new Thing('kept', { value: 'k', kind: 'other' }, { protect: true });`);
    const report = await stack.up();
    expect(report.ok).toBe(false);
    expect(report.steps.at(-1)?.error).toContain('currently marked for protection');
    expect(stack.names()).toEqual(['base', 'kept']);
  });
});

describe('when options change what happens to a resource', () => {
  const stack = newStack(`
    const Group = class extends pulumi.ComponentResource {
      constructor(name, opts) {
        super('test:index:Group', name, {}, opts);
        this.inner = new Thing(name + '-inner', { value: 'i' }, { parent: this });
        this.registerOutputs({ inner: this.inner.upper });
      }
    };
    const group = new Group('group');
    new Thing('stubborn', { value: 'as it was', nested: { a: 1, b: 1 } });
    new Thing('kept', { value: 'k' }, { retainOnDelete: true });
    new Thing('along', { value: 'a' }, { deletedWith: group.inner });
    new Thing('undecided', { value: 'u', mode: 'undecided' });
    new Thing('first', { value: 'f', kind: 'this', mode: 'delete first' });
    new Thing('oldname', { value: 'n' });
    exports.group = group.inner.upper;
  `);
  it('makes a component the parent, with the outputs that it registered', () => {
    const group = stack.recorded('group');
    expect(group).toMatchObject({ custom: false, outputs: { inner: 'I' } });
    expect(stack.recorded('group-inner')).toMatchObject({
      parent: group!.urn,
      urn: expect.stringContaining(
        '::test:index:Group$pulumi-nodejs:dynamic/test:Thing::',
      ) as unknown,
    });
  });

  describe('in the next run', () => {
    const last: Record<string, Record<string, unknown>> = {};
    let summary: unknown;
    const order: string[] = [];
    beforeAll(async () => {
      stack.program(`
        new Thing('stubborn', { value: 'as it is', nested: { a: 2, b: 2 } },
          { ignoreChanges: ['value', 'nested.a'] });
        new Thing('undecided', { value: 'changed', mode: 'undecided' }, { replaceOnChanges: ['value'] });
        new Thing('first', { value: 'f', kind: 'that', mode: 'delete first' });
        new Thing('newname', { label: 'oldname', value: 'n' }, { aliases: [{ name: 'oldname' }] });
      `);
      const report = await stack.up();
      summary = report.summary;
      for (const [call, label, args] of stack.callDetails()) {
        order.push(`${call} ${label}`);
        if (call === 'check') last[label] ??= args.news!;
      }
    });

    it('replaces, deletes and keeps as the options say', () => {
      expect(summary).toEqual({ same: 2, replace: 2, delete: 4 });
    });

    it('shows the provider the old value of what is ignored', () => {
      expect(last.stubborn).toMatchObject({ value: 'as it was', nested: { a: 1, b: 2 } });
    });

    it('replaces for a property of replaceOnChanges', () => {
      expect(order).toContain('create undecided');
    });

    it('deletes before it replaces where the provider says so', () => {
      expect(order.indexOf('delete first')).toBeLessThan(order.indexOf('create first'));
      expect(order).toContain('delete first');
    });

    it('calls no delete for what is retained or goes with another', () => {
      expect(order).toContain('delete group-inner');
      expect(order).not.toContain('delete kept');
      expect(order).not.toContain('delete along');
    });

    it('finds a resource under an alias', () => {
      expect(order).not.toContain('create oldname');
      expect(stack.recorded('newname')).toMatchObject({ id: 'oldname-0' });
    });
  });
});

describe('when a program reads what is there', () => {
  const stack = newStack(`
    const made = new Thing('made', { value: 'm' });
    const seen = new Thing('seen', {}, { id: made.id });
    exports.seen = seen.upper;
  `);

  it('reads it, and forgets it without a call once it is no longer read', async () => {
    expect(first.get(stack)).toMatchObject({
      ok: true,
      summary: { create: 1, read: 1 },
      outputs: { seen: 'M' },
    });
    stack.program(`new Thing('made', { value: 'm' });`);
    expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 1, discard: 1 } });
    expect(stack.calls('delete')).toEqual([]);
  });
});
