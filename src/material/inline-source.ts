import type { LocalContext, Source } from './source';
import type { InlineReference } from './source-reference';

/** Text in the program. */
export const inlineSource: Source<InlineReference, LocalContext> = {
  encoding: 'base64',
  read: (_reference, { text = '' }) =>
    Promise.resolve({ bytes: Buffer.from(text, 'utf8'), encoding: 'base64' }),
};
