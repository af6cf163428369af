import { main } from './main';

const { stdout, stderr } = process;

void main(process.argv.slice(2), { stdout, stderr }).then((code) => {
  process.exitCode = code;
});
