import { appendFileSync } from 'node:fs';
import { ByokError } from '../../src/errors';
import { codeAtEnd, codesIn } from './codes';

const file = process.env.SEEN_ERROR_CODES;
const seen = new Set<string>();

/** Inserted between `ByokError` and `Error`, so that a test file records every code that was really created. */
class Recorded extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    const code = codeAtEnd(message);
    if (code !== undefined) seen.add(code);
  }
}

/** Records the codes in what another process printed, because the errors of that process are not seen here. */
export function recordCodesIn(printed: string): void {
  for (const code of codesIn(printed)) seen.add(code);
}

if (file !== undefined) {
  Object.setPrototypeOf(ByokError, Recorded);
  afterAll(() => {
    appendFileSync(file, [...seen, ''].join('\n'));
  });
}
