/** The package of all dynamic resources of Node.js programs. */
export const DYNAMIC_PACKAGE = 'pulumi-nodejs';

/** The type of the resource that represents the stack. */
export const STACK_TYPE = 'pulumi:pulumi:Stack';

const PROVIDER_PREFIX = 'pulumi:providers:';

/** Returns the name of a resource. The name may itself contain the separator. */
export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::');
}

/** Returns the package of a resource type. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : (type.split(':')[0] ?? '');
}

/** Whether resources of this type are providers. */
export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_PREFIX);
}

/** Returns the type of a package's providers. */
export function providerType(pkg: string): string {
  return `${PROVIDER_PREFIX}${pkg}`;
}

/** Builds a URN, which includes the types of the parents except the stack. */
export function makeUrn(
  stack: string,
  project: string,
  parent: string,
  type: string,
  name: string,
): string {
  const parentTypes = parent.split('::')[2] ?? '';
  const qualified =
    parentTypes === '' || parentTypes === STACK_TYPE ? type : `${parentTypes}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}
