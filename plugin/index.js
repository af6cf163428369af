// The engine starts this file. The last argument is the address of its own service, after flags of its own.
void require('../dist/plugin/main.js').main(process.argv.slice(2).at(-1));
