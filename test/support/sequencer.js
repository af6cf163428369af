'use strict';

const { readFileSync } = require('node:fs');
const { default: Sequencer } = require('@jest/test-sequencer');

// A timeout in a file: of all its tests, or of one.
const TIMEOUT = /(?:^jest\.setTimeout\(|^ *\}, )([\d_]+)\);$/gm;

/**
 * Starts the files that allow their tests the most time first, so that no worker is left with a slow one in the end.
 * On a clean clone Jest itself knows only the sizes of the files.
 */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.every(({ duration }) => duration !== undefined)) return sorted;
    const allowed = new Map(sorted.map((test) => [test, allowedTime(test.path)]));
    return sorted.sort((one, other) => allowed.get(other) - allowed.get(one));
  }
};

/** The longest timeout of a file in milliseconds, or 0 without one. */
function allowedTime(file) {
  const timeouts = readFileSync(file, 'utf8').matchAll(TIMEOUT);
  return Math.max(0, ...Array.from(timeouts, ([, text]) => Number(text.replaceAll('_', ''))));
}
