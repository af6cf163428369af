// Ends its process at one of its changes to the file system, as a power failure would. For --require.
const fs = require('node:fs');

const last = Number(process.env.DIE_AT_WRITE);
let changes = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

for (const name of ['fsyncSync', 'linkSync', 'mkdirSync', 'openSync', 'renameSync', 'rmSync']) {
  const original = fs[name];
  fs[name] = (...args) => {
    // Only what makes a file is a change.
    if (name === 'openSync' && args[1] !== 'wx') return original(...args);
    changes += 1;
    if (changes === last) die();
    return original(...args);
  };
}

const writeFileSync = fs.writeFileSync;
fs.writeFileSync = (target, content) => {
  changes += 1;
  if (changes !== last) return writeFileSync(target, content);
  const bytes = Buffer.from(content);
  writeFileSync(target, bytes.subarray(0, bytes.length / 2));
  return die();
};
