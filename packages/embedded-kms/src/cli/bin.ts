import { main } from './main';

const { stdout, stderr } = process;
// A reader such as head stops early, and the server goes on.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

void main(process.argv.slice(2), { stdout, stderr }).then((code) => {
  process.exitCode = code;
});
