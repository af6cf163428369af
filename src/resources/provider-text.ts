export { PROVIDER } from '../domain/provider-text';
