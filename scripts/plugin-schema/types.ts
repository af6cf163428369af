import ts from 'typescript';
import { commentOf } from './declarations';

/** A type in a Pulumi schema (pulumi-schema, TypeSpec). */
export type TypeSpec =
  | { readonly type: 'string' | 'boolean' | 'number' | 'integer' }
  | { readonly type: 'array'; readonly items: TypeSpec }
  | { readonly type: 'object'; readonly additionalProperties: TypeSpec }
  | { readonly $ref: string };

/** A property in a Pulumi schema. */
export type PropertySpec = TypeSpec & {
  readonly description?: string;
  readonly plain?: boolean;
  readonly secret?: boolean;
};

/** An object type, or the properties of a resource. */
export interface ObjectSpec {
  readonly description?: string;
  readonly properties: Record<string, PropertySpec>;
  readonly required: string[];
}

/**
 * Translates types of TypeScript. Every interface that it meets becomes a named type of the schema.
 */
export class SchemaTypes {
  readonly #checker: ts.TypeChecker;
  readonly #package: string;
  /** The named types, by token. */
  readonly types: Record<string, ObjectSpec & { readonly type: 'object' }> = {};

  constructor(checker: ts.TypeChecker, packageName: string) {
    this.#checker = checker;
    this.#package = packageName;
  }

  /** Returns the members of an interface, or those of all alternatives of a union. */
  objectOf(type: ts.Type, without: readonly string[] = []): ObjectSpec {
    const properties: Record<string, PropertySpec> = {};
    const required: string[] = [];
    for (const [name, symbols] of this.#membersOf(type)) {
      const [symbol] = symbols;
      if (symbol === undefined || without.includes(name)) continue;
      const declared = symbols.map((each) => this.#checker.getTypeOfSymbol(each));
      const [first] = declared;
      if (first === undefined) continue;
      properties[name] = this.propertyOf(symbol, first);
      const alternatives = type.isUnion() ? type.types.length : 1;
      const isEverywhere = symbols.length === alternatives;
      if (isEverywhere && (symbol.flags & ts.SymbolFlags.Optional) === 0) required.push(name);
    }
    return { properties, required };
  }

  /** Returns one property, with the comment of its declaration. */
  propertyOf(symbol: ts.Symbol, type: ts.Type): PropertySpec {
    const description = commentOf(symbol, this.#checker);
    const spec = this.typeOf(type);
    return {
      ...spec,
      ...(description === '' ? {} : { description: description + this.#valuesOf(type) }),
      ...(this.#isPlain(type) ? { plain: true } : {}),
    };
  }

  typeOf(type: ts.Type): TypeSpec {
    const parts = this.#alternatives(type);
    const [only] = parts;
    if (only === undefined) throw new Error(`no type in ${this.#checker.typeToString(type)}`);
    if (parts.every((part) => part.flags & ts.TypeFlags.BooleanLike)) return { type: 'boolean' };
    if (parts.every((part) => part.flags & ts.TypeFlags.StringLike)) return { type: 'string' };
    if (parts.every((part) => part.flags & ts.TypeFlags.NumberLike)) return { type: 'number' };
    const item = this.#itemOf(only);
    if (item !== undefined) return { type: 'array', items: this.typeOf(item) };
    const value = only.getStringIndexType();
    if (value !== undefined) {
      return { type: 'object', additionalProperties: this.typeOf(value) };
    }
    return { $ref: `#/types/${this.#declare(type, parts)}` };
  }

  #declare(type: ts.Type, parts: readonly ts.Type[]): string {
    const name = this.#nameOf(type, parts);
    const token = `${this.#package}:index:${name}`;
    if (this.types[token] === undefined) {
      // Known first, for types that contain themselves.
      const declared = { type: 'object' as const, properties: {}, required: [] as string[] };
      this.types[token] = declared;
      const whole = parts.length === 1 ? (parts[0] ?? type) : this.#unionOf(type);
      Object.assign(declared, this.objectOf(whole));
      const symbol = type.aliasSymbol ?? whole.aliasSymbol ?? whole.getSymbol();
      const description = symbol === undefined ? '' : commentOf(symbol, this.#checker);
      if (description !== '') Object.assign(declared, { description });
    }
    return encodeURIComponent(token).replaceAll('%3A', ':');
  }

  #nameOf(type: ts.Type, parts: readonly ts.Type[]): string {
    const candidates = [type, this.#unionOf(type), this.#checker.getNonNullableType(type)];
    for (const each of [...candidates, ...parts]) {
      const name = each.aliasSymbol?.name ?? each.getSymbol()?.name;
      if (name !== undefined && name !== 'Input' && !name.startsWith('__')) {
        if (each.aliasSymbol?.name === 'Omit') continue;
        return name.replace(/Args$/, '');
      }
    }
    throw new Error(`a type without a name: ${this.#checker.typeToString(type)}`);
  }

  // The argument of Input<T>, whose alternatives the checker has united with the promise and the output.
  #unionOf(type: ts.Type): ts.Type {
    const [argument] = type.aliasSymbol?.name === 'Input' ? (type.aliasTypeArguments ?? []) : [];
    return argument === undefined ? type : this.#checker.getNonNullableType(argument);
  }

  #alternatives(type: ts.Type): readonly ts.Type[] {
    const all = type.isUnion() ? type.types : [type];
    return all.filter((part) => {
      const isAbsent = (part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;
      return !isAbsent && !this.#isDeferred(part);
    });
  }

  #isDeferred(type: ts.Type): boolean {
    if (type.isIntersection()) return type.types.some((part) => this.#isDeferred(part));
    const name = type.aliasSymbol?.name ?? type.getSymbol()?.name;
    return name === 'Promise' || name === 'OutputInstance' || name === 'Output';
  }

  #isPlain(type: ts.Type): boolean {
    const all = type.isUnion() ? type.types : [type];
    const isScalar = all.every((part) => (part.flags & ts.TypeFlags.Object) === 0);
    return isScalar && !all.some((part) => this.#isDeferred(part));
  }

  #itemOf(type: ts.Type): ts.Type | undefined {
    if (!this.#checker.isArrayType(type) && !this.#checker.isTupleType(type)) return undefined;
    return this.#checker.getTypeArguments(type as ts.TypeReference)[0];
  }

  #membersOf(type: ts.Type): Map<string, readonly ts.Symbol[]> {
    const members = new Map<string, ts.Symbol[]>();
    for (const part of this.#alternatives(type)) {
      for (const symbol of this.#checker.getPropertiesOfType(part)) {
        const declared = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(symbol));
        if ((declared.flags & ts.TypeFlags.Never) !== 0) continue;
        members.set(symbol.name, [...(members.get(symbol.name) ?? []), symbol]);
      }
    }
    return members;
  }

  #valuesOf(type: ts.Type): string {
    const parts = this.#alternatives(type);
    const values = parts.flatMap((part) => (part.isStringLiteral() ? [`\`${part.value}\``] : []));
    return values.length < 2 || values.length !== parts.length
      ? ''
      : `\n\nOne of ${values.join(', ')}.`;
  }
}
