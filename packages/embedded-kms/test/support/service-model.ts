import { KMS_OPERATIONS } from '../../src/operations/registry';
import type { Members, Shape } from '../../src/operations/shared/shape';

/** A shape in AWS's service model (service-2.json of botocore). */
interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

type Limits = Pick<ModelShape, 'min' | 'max' | 'pattern'>;

/** AWS's service model of KMS. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

/**
 * Lists where the requests that the server reads differ from a service model: `ListAliases.Limit max 1000, here 100`.
 * Members that the model does not have yet are no difference.
 */
export function differencesFrom({ operations, shapes }: ServiceModel): string[] {
  const compared = (path: string, model: ModelShape, shape: Shape): string[] => {
    const limit = (name: string, expected: unknown, actual: unknown): string[] =>
      expected === actual ? [] : [`${path} ${name} ${String(expected)}, here ${String(actual)}`];
    const here: Limits = { ...(shape as object) };
    const differences = limit('type', model.type, shape.type);
    // Values of enums need no limits.
    if (model.enum === undefined) {
      differences.push(
        ...limit('min', model.min ?? 0, here.min ?? 0),
        ...limit('max', model.max, here.max),
        ...limit('pattern', model.pattern, here.pattern),
      );
    }
    const values = shape.type === 'string' ? (shape.enum ?? []) : [];
    if ([...values].sort().join() !== [...(model.enum ?? [])].sort().join()) {
      differences.push(`${path} enum ${model.enum?.join()}, here ${values.join()}`);
    }
    if (shape.type === 'list' && model.member !== undefined) {
      differences.push(...compared(`${path}[]`, shapes[model.member.shape]!, shape.member));
    }
    if (shape.type === 'structure') differences.push(...members(path, model, shape.members));
    return differences;
  };
  const members = (path: string, model: ModelShape, here: Members): string[] =>
    Object.entries(model.members ?? {}).flatMap(([name, { shape: ofMember }]) => {
      const [member, own] = [here[name], `${path}.${name}`];
      if (member === undefined) return [`${own} is not read`];
      const isRequired = model.required?.includes(name) ?? false;
      return [
        ...(isRequired === (member.required ?? false) ? [] : [`${own} required ${isRequired}`]),
        ...compared(own, shapes[ofMember]!, member),
      ];
    });
  return Object.entries(operations).flatMap(([name, { input }]) => {
    const operation = KMS_OPERATIONS.get(name);
    if (operation === undefined) return [`${name} is not served`];
    return input === undefined ? [] : members(name, shapes[input.shape]!, operation.types);
  });
}
