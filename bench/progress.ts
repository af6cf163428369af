/** Says on stderr what is measured now, since a run takes many minutes. */
export function progress(text: string): void {
  process.stderr.write(`measuring ${text}\n`);
}
