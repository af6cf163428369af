/** Reports on stderr what is being measured, because a run takes many minutes. */
export function progress(text: string): void {
  process.stderr.write(`measuring ${text}\n`);
}
