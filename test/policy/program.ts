import * as pulumi from '@pulumi/pulumi';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks';
import * as settings from '@pulumi/pulumi/runtime/settings';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { declaredExpiry, toWholeSeconds, validToAt } from '../../src/domain/expiry';
import { TYPE_TOKENS } from '../../src/domain/type-tokens';
import { provider } from '../../src/provider';
import { fromStruct } from '../../packages/pulumi-offline-engine/src/engine/sdk';
import { revealedMap } from '../../packages/pulumi-offline-engine/src/engine/values';
import type { ShownProvider, ShownResource } from '../support/policy-process';
import { policyDocument } from './get-policy-document';

const FOLDER = join(__dirname, 'programs');
const DAY = 86_400_000;
const STACK = 'pulumi:pulumi:Stack';

/** A program that breaks a rule or keeps it, which is also an example of the documentation. */
export interface Example {
  /** The source text that readers see. */
  readonly text: string;
  /** The rules that it breaks, by its first line. */
  readonly caughtBy: readonly string[];
  /** How long ago its material was imported, where the program says so. */
  readonly importedDaysAgo: number | undefined;
}

/** Reads one of the two examples of a rule. */
export function readExample(ruleId: string, kind: 'fails' | 'passes'): Example {
  const file = readFileSync(join(FOLDER, ruleId.replace(/^byok-/, ''), `${kind}.ts`), 'utf8');
  const [first = '', ...rest] = file.split('\n');
  const text = rest.join('\n');
  const days = /^\/\/ Imported (\d+) days ago/m.exec(text)?.[1];
  return {
    text,
    caughtBy: first.match(/byok-[a-z0-9-]+/g) ?? [],
    importedDaysAgo: days === undefined ? undefined : Number(days),
  };
}

/** A program as Node runs it. */
export function transpiled(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/**
 * Runs a program under the SDK, and takes down what it registers: after the real check of the
 * provider, as the engine shows it to policies in a preview, or after an update.
 */
export async function resourcesOf(
  example: Example,
  preview: boolean,
  config: Readonly<Record<string, string>> = {},
): Promise<ShownResource[]> {
  const recorder = new Recorder();
  settings.setMockOptions(recorder, 'project', 'test', preview);
  // Asks the recorder which features of an engine it has; the SDK's types leave this function out.
  await (settings as unknown as { awaitFeatureSupport: () => Promise<void> }).awaitFeatureSupport();
  process.env.ROOT_KEY = randomBytes(32).toString('base64');
  pulumi.runtime.setAllConfig({ 'project:rootKey': randomBytes(32).toString('base64'), ...config });
  const load = (name: string): unknown =>
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require(name === 'pulumi-kms-byok' ? '../../src/index' : name);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function('require', 'exports', transpiled(example.text))(load, {});
  await settings.disconnect();
  return Promise.all(
    recorder.requests.map(async (request) => {
      const provider = recorder.providerOf(request);
      return {
        ...(await shown(request, example, preview)),
        ...(provider === undefined ? {} : { provider }),
      };
    }),
  );
}

const MOCKS: pulumi.runtime.Mocks = {
  call: ({ token, inputs }) =>
    token === 'aws:iam/getPolicyDocument:getPolicyDocument'
      ? { json: policyDocument(inputs as Parameters<typeof policyDocument>[0]) }
      : {},
  newResource: ({ inputs }) => {
    const own = identity(inputs as Readonly<Record<string, unknown>>);
    return { id: own.keyId, state: { ...(inputs as object), ...own } };
  },
};

class Recorder extends MockMonitor {
  readonly requests: RegisterResourceRequest[] = [];

  constructor() {
    super(MOCKS);
  }

  override async registerResource(
    ...[request, done]: Parameters<MockMonitor['registerResource']>
  ): Promise<void> {
    if ((request as RegisterResourceRequest).getCustom()) {
      this.requests.push(request as RegisterResourceRequest);
    }
    await super.registerResource(request, done);
  }

  /** The provider that a resource names in its options. */
  providerOf(request: RegisterResourceRequest): ShownProvider | undefined {
    const [, , type, nameAndId = ''] = request.getProvider().split('::');
    const found = this.requests.find(
      (one) => one.getType() === type && one.getName() === nameAndId,
    );
    return found && { type: found.getType(), props: propsOf(found) };
  }
}

function identity(inputs: Readonly<Record<string, unknown>>) {
  const region = typeof inputs.region === 'string' ? inputs.region : 'eu-west-1';
  const keyId = 'mrk-1234abcd12ab34cd56ef1234567890ab';
  return { keyId, arn: `arn:aws:kms:${region}:111122223333:key/${keyId}`, region };
}

function propsOf(request: RegisterResourceRequest): Record<string, unknown> {
  return revealedMap(fromStruct(request.getObject()));
}

async function shown(
  request: RegisterResourceRequest,
  example: Example,
  preview: boolean,
): Promise<ShownResource> {
  const type = request.getType();
  const name = request.getName();
  // urn:pulumi:stack::project::parents$type::name
  const parents = request.getParent().split('::')[2];
  const inputs = propsOf(request);
  return {
    type,
    name,
    ...(parents === undefined || parents === STACK ? {} : { parents }),
    props:
      type === TYPE_TOKENS.ImportedKeyMaterial.dynamic
        ? await materialProps(inputs, example, preview)
        : { ...inputs, ...(preview ? {} : identity(inputs)) },
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    dependsOn: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([property, dependencies]) => [
        property,
        dependencies.getUrnsList(),
      ]),
    ),
  };
}

async function materialProps(
  inputs: Record<string, unknown>,
  { importedDaysAgo = 0 }: Example,
  preview: boolean,
): Promise<Record<string, unknown>> {
  const result = await provider.check({}, inputs);
  // A program that the provider refuses never comes before a policy.
  expect(result.failures).toEqual([]);
  const checked = result.inputs;
  if (preview) return checked;
  const first = toWholeSeconds(new Date(Date.now() - importedDaysAgo * DAY));
  return {
    ...checked,
    validTo: validToAt(declaredExpiry(checked), new Date()),
    importReceipt: { importedAt: first, firstImportedAt: first },
  };
}
