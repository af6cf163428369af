// Preloaded into the process of the plugin: at its first line, which has its port, it prints its modules instead and ends.
const { stdout } = process;
stdout.write = (line) => {
  require('node:fs').writeSync(
    1,
    JSON.stringify({ port: Number(line), modules: Object.keys(require.cache) }),
  );
  process.exit();
};
