import { parseKeyReference, sameKey } from '../domain/identifiers';
import type { ConnectionInputs } from './schema';
import { UNKNOWN } from './protocol';

/** The inputs that say which key is meant. */
export interface KeyInputs {
  readonly keyId: string;
  readonly connection?: ConnectionInputs | undefined;
}

/** The inputs by which a program means another key, or may, than the one in state. */
export function keyChanges(
  olds: { readonly keyArn?: string | undefined },
  news: KeyInputs,
  toRegion: (inputs: KeyInputs) => string | undefined,
): readonly string[] {
  return [
    ...(isOtherKey(olds.keyArn, news) ? ['keyId'] : []),
    ...(isOtherRegion(olds.keyArn, news, toRegion) ? ['connection.region'] : []),
  ];
}

function isOtherKey(keyArn: string | undefined, news: KeyInputs): boolean {
  if (news.keyId === UNKNOWN) return true;
  if (keyArn === undefined) return false;
  return !sameKey(parseKeyReference(keyArn), parseKeyReference(news.keyId));
}

function isOtherRegion(
  keyArn: string | undefined,
  news: KeyInputs,
  toRegion: (inputs: KeyInputs) => string | undefined,
): boolean {
  if (keyArn === undefined || news.keyId === UNKNOWN) return false;
  // The Region in an ARN stands above all others.
  const inArn = parseKeyReference(news.keyId).arn !== undefined;
  const connection: unknown = news.connection;
  if (!inArn && (connection === UNKNOWN || news.connection?.region === UNKNOWN)) return true;
  const region = toRegion(news);
  return region !== undefined && region !== parseKeyReference(keyArn).arn?.region;
}
