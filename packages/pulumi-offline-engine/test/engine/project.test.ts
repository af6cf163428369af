import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { resolveConfig } from '../../src/engine/config';
import { readProject } from '../../src/engine/project';
import { TemporaryStack } from './temporary-stack';

const stack = new TemporaryStack();

afterAll(() => {
  stack.remove();
});

describe('when a program is written in TypeScript', () => {
  it('runs it from the folder that Pulumi.yaml names', async () => {
    mkdirSync(join(stack.dir, 'program'));
    stack.write('Pulumi.yaml', 'name: trial\nruntime: nodejs\nmain: program\n');
    stack.write('program/package.json', '{ "name": "program", "main": "index.ts" }');
    stack.write(
      'program/tsconfig.json',
      '{ "compilerOptions": { "strict": true, "types": ["node"] } }',
    );
    for (const name of ['thing.js', 'provider.js']) {
      stack.write(`program/${name}`, `module.exports = require('../${name}');`);
    }
    stack.write(
      'program/index.ts',
      `
        import * as pulumi from '@pulumi/pulumi';
        const { Thing } = require('./thing.js');
        const thing: { upper: pulumi.Output<string> } = new Thing('thing', { value: 'typed' });
        export const upper: pulumi.Output<string> = thing.upper;
        export const folder: string = process.cwd();
      `,
    );
    const report = await stack.up();
    expect(report.diagnostics).toEqual([]);
    expect(report.outputs).toEqual({ upper: 'TYPED', folder: join(stack.dir, 'program') });
  });
});

describe('when Pulumi.yaml is read', () => {
  it('takes a file as main, and its folder as the place to run', () => {
    stack.write('Pulumi.yaml', 'name: trial\nruntime: { name: nodejs }\nmain: thing.js\n');
    expect(readProject(stack.dir)).toMatchObject({ programDir: stack.dir, entryPoint: 'thing.js' });
  });

  it('puts the configuration of the stack above that of the project', () => {
    stack.write(
      'Pulumi.yaml',
      'name: trial\nruntime: nodejs\nconfig:\n  aws:region: { value: eu-west-1 }\n  n: { default: 3 }\n  word: low\n',
    );
    expect(
      resolveConfig(readProject(stack.dir), { word: { value: 'high', secret: true } }),
    ).toEqual([
      { key: 'aws:region', value: 'eu-west-1', secret: false },
      { key: 'trial:n', value: '3', secret: false },
      { key: 'trial:word', value: 'high', secret: true },
    ]);
  });

  it('refuses another runtime', () => {
    stack.write('Pulumi.yaml', 'name: trial\nruntime: python\n');
    expect(() => readProject(stack.dir)).toThrow('the runtime nodejs');
  });
});

describe('when there is no project', () => {
  it('rejects before anything is started', async () => {
    rmSync(join(stack.dir, 'Pulumi.yaml'));
    await expect(stack.up()).rejects.toThrow('ENOENT');
  });
});
