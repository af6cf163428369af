// The message of a ByokError ends with its code in brackets.
const CODE = '\\[([A-Z0-9_]+)\\]';
const EVERY = new RegExp(CODE, 'g');
const AT_END = new RegExp(`${CODE}$`);
const AT_END_OF_LINE = new RegExp(`${CODE}$`, 'm');

/** Returns every code in a text. */
export function codesIn(text: string): string[] {
  return Array.from(text.matchAll(EVERY), ([, code]) => code!);
}

/** Returns the code at the end of a message. */
export function codeAtEnd(message: string): string | undefined {
  return AT_END.exec(message)?.[1];
}

/** Returns the code at the end of a line: the first such line of a text. */
export function codeAtEndOfLine(text: string): string | undefined {
  return AT_END_OF_LINE.exec(text)?.[1];
}
