/** The package of all dynamic resources of Node.js programs. */
export const DYNAMIC_PACKAGE = 'pulumi-nodejs';

/** The type of the resource that stands for the stack. */
export const STACK_TYPE = 'pulumi:pulumi:Stack';

const PROVIDER_PREFIX = 'pulumi:providers:';

/** The name of a resource; a name may itself contain the separator. */
export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::');
}

/** The package that serves a resource type. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : (type.split(':')[0] ?? '');
}

/** Whether resources of this type are providers. */
export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_PREFIX);
}

/** The type of a package's providers. */
export function providerType(pkg: string): string {
  return `${PROVIDER_PREFIX}${pkg}`;
}

/** Builds the URN; the types of the parents, except the stack's, are part of it. */
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
