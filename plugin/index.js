// The engine starts this file with the address of its own service.
void require('../dist/plugin/main.js').main(process.argv[2]);
