import { z } from 'zod';
import type { PlainSource } from './source';

/** Text in the program. */
export interface InlineReference {
  readonly kind: 'inline';
}

/** Reads text that the program itself holds. */
export const inlineSource: PlainSource<{ readonly inline: string }, InlineReference> = {
  members: { inline: z.string() },
  reference: {},
  isLocal: true,
  isReadable: false,
  encoding: 'base64',
  refer: () => ({ kind: 'inline' }),
  read: (_reference, { inline = '' }) =>
    Promise.resolve({ bytes: Buffer.from(inline, 'utf8'), encoding: 'base64' }),
};
