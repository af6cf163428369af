const FONT_SIZE = 14;
const LINE_HEIGHT = 19;
/** Advance of a monospaced font, as a part of its size. */
const ADVANCE = 0.602;
const MARGIN = 18;

/** Draws the lines of a terminal as SVG. It names no colours of a theme, so that it reads the same on any page. */
export function terminalPicture(lines: readonly string[]): string {
  const width = Math.ceil(
    Math.max(...lines.map((line) => line.length)) * FONT_SIZE * ADVANCE + 2 * MARGIN,
  );
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const kind = /^\d+\. /.test(line) ? 'step' : line.startsWith('$') ? 'typed' : 'found';
    const y = MARGIN + (index + 0.75) * LINE_HEIGHT;
    return `<text class="${kind}" x="${MARGIN}" y="${y}" xml:space="preserve">${escaped(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="Output of npm run demo">`,
    `<style>text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#c9d1d9}.step{fill:#fff;font-weight:600}.typed{fill:#7ee787}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
