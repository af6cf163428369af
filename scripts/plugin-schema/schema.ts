import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { TYPE_TOKENS, type ResourceName } from '../../src/domain/type-tokens';
import { commentOf, type DeclarationName, Declarations } from './declarations';
import { type ObjectSpec, type PropertySpec, SchemaTypes } from './types';

const ROOT = join(__dirname, '..', '..');
const PACKAGE = 'kms-byok';

/** A resource of the schema, and the declarations that it is made from. */
interface ResourceSource {
  readonly name: ResourceName;
  readonly inputs: DeclarationName;
  readonly outputs: DeclarationName;
  readonly isComponent?: boolean;
  /** Inputs and outputs that other languages do not have. */
  readonly without?: readonly string[];
}

const RESOURCES: readonly ResourceSource[] = [
  {
    name: 'ImportedKeyMaterial',
    inputs: ['src/provider/args.ts', 'ImportedKeyMaterialArgs'],
    outputs: ['src/resources/imported-key-material.ts', 'ImportedKeyMaterial'],
  },
  {
    name: 'OnDemandRotation',
    inputs: ['src/provider/on-demand-rotation/args.ts', 'OnDemandRotationArgs'],
    outputs: ['src/resources/on-demand-rotation.ts', 'OnDemandRotation'],
    // A resource as an input, of which a preview in Node.js takes two outputs.
    without: ['after'],
  },
  {
    name: 'ImportedKey',
    inputs: ['src/component/args.ts', 'ImportedKeyArgs'],
    outputs: ['src/component/imported-key.ts', 'ImportedKey'],
    isComponent: true,
    // A resource of the aws provider, which every language would need to install.
    without: ['key'],
  },
];

const PROVIDER_INPUTS = ['src/provider/args.ts', 'ConnectionArgs'] as const;

// May contain key material: a literal in a program, or a passphrase.
const SECRET = ['material', 'materials'];

/** Returns the text of `plugin/schema.json`. */
export function schemaText(): string {
  const declarations = new Declarations([
    PROVIDER_INPUTS,
    ...RESOURCES.flatMap(({ inputs, outputs }) => [inputs, outputs]),
  ]);
  const { checker } = declarations;
  const types = new SchemaTypes(checker, PACKAGE);
  const inputsOf = (source: DeclarationName, without: readonly string[] = []) => {
    const spec = types.objectOf(
      checker.getDeclaredTypeOfSymbol(declarations.symbolOf(source)),
      without,
    );
    return secretsMarked(spec);
  };

  const resources = RESOURCES.map((resource) => {
    const inputs = inputsOf(resource.inputs, resource.without);
    const symbol = declarations.symbolOf(resource.outputs);
    const outputs = leftOut(outputsOf(checker, types, symbol), resource.without ?? []);
    return [
      `${PACKAGE}:index:${resource.name}`,
      {
        description: commentOf(symbol, checker),
        // SDKs and YAML add the aliases to each resource. The component adds its own.
        ...(resource.isComponent === true
          ? { isComponent: true }
          : { aliases: [{ type: TYPE_TOKENS[resource.name].dynamic }] }),
        inputProperties: inputs.properties,
        requiredInputs: inputs.required,
        properties: outputs.properties,
        required: outputs.required,
      },
    ] as const;
  });
  const provider = inputsOf(PROVIDER_INPUTS);
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly description: string;
    readonly license: string;
  };
  const schema = {
    name: PACKAGE,
    displayName: 'AWS KMS bring your own key',
    version: manifest.version,
    description: manifest.description,
    keywords: ['category/cloud', 'kind/native', 'aws', 'kms', 'byok'],
    license: manifest.license,
    // Makes SDKs that can be added to a project: that of Go gets a go.mod, and its packages get import paths that exist.
    meta: { supportPack: true },
    config: { variables: withoutPlain(provider.properties) },
    provider: {
      description:
        'An account, a Region or an endpoint of KMS. The default chain of the AWS SDK fills in what is absent.',
      inputProperties: withoutPlain(provider.properties),
    },
    types: types.types,
    resources: Object.fromEntries(resources),
    language: {
      nodejs: { packageName: '@pulumi/kms-byok', respectSchemaVersion: true },
      python: {
        packageName: 'pulumi_kms_byok',
        respectSchemaVersion: true,
        pyproject: { enabled: true },
      },
      go: { generateResourceContainerTypes: true, respectSchemaVersion: true },
      csharp: { respectSchemaVersion: true },
      java: {},
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** The fields of a class whose type is an output. */
function outputsOf(checker: ts.TypeChecker, types: SchemaTypes, symbol: ts.Symbol): ObjectSpec {
  const properties: Record<string, PropertySpec> = {};
  const required: string[] = [];
  for (const [, member] of symbol.members ?? []) {
    const [declaration] = member.declarations ?? [];
    if (declaration === undefined || !ts.isPropertyDeclaration(declaration)) continue;
    const { type: node } = declaration;
    if (node === undefined || !ts.isTypeReferenceNode(node)) continue;
    const [argument] = node.typeArguments ?? [];
    if (argument === undefined) continue;
    const type = checker.getTypeFromTypeNode(argument);
    const { plain, ...property } = types.propertyOf(member, type);
    void plain;
    properties[member.name] = property;
    if (checker.getNonNullableType(type) === type) required.push(member.name);
  }
  return { properties, required };
}

function leftOut({ properties, required }: ObjectSpec, names: readonly string[]): ObjectSpec {
  const isLeft = (name: string): boolean => !names.includes(name);
  return {
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isLeft(name))),
    required: required.filter(isLeft),
  };
}

function secretsMarked({ properties, required }: ObjectSpec): ObjectSpec {
  const marked = Object.entries(properties).map(([name, property]) => [
    name,
    SECRET.includes(name) ? { ...property, secret: true } : property,
  ]);
  return { properties: Object.fromEntries(marked) as ObjectSpec['properties'], required };
}

function withoutPlain(properties: ObjectSpec['properties']): ObjectSpec['properties'] {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { plain, ...property }]) => [name, property]),
  );
}
