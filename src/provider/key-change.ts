import { parseKeyReference, sameKey } from '../domain/identifiers';
import { regionOf, type KeyInputs, type StackConfig } from './connection';
import { UNKNOWN } from './protocol';

/** Returns the inputs that identify, or may identify, another key than the one in state. */
export function keyChanges(
  olds: { readonly keyArn?: string | undefined },
  news: KeyInputs,
  config: StackConfig,
): readonly string[] {
  return [
    ...(isOtherKey(olds.keyArn, news) ? ['keyId'] : []),
    ...(isOtherRegion(olds.keyArn, news, config) ? ['connection.region'] : []),
  ];
}

/** Returns the ARN of the key that a program names, if a preview knows it; else the placeholder of unknown values. */
export function knownArn(keyId: string): string {
  return keyId !== UNKNOWN && parseKeyReference(keyId).arn !== undefined ? keyId : UNKNOWN;
}

function isOtherKey(keyArn: string | undefined, news: KeyInputs): boolean {
  if (news.keyId === UNKNOWN) return true;
  if (keyArn === undefined) return false;
  return !sameKey(parseKeyReference(keyArn), parseKeyReference(news.keyId));
}

function isOtherRegion(keyArn: string | undefined, news: KeyInputs, config: StackConfig): boolean {
  if (keyArn === undefined || news.keyId === UNKNOWN) return false;
  // The Region in an ARN takes precedence over all others.
  const inArn = parseKeyReference(news.keyId).arn !== undefined;
  const connection: unknown = news.connection;
  if (!inArn && (connection === UNKNOWN || news.connection?.region === UNKNOWN)) return true;
  const region = regionOf(news, config);
  return region !== undefined && region !== parseKeyReference(keyArn).arn?.region;
}
