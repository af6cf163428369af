// Preloaded into a process: at SIGUSR2, it writes its milliseconds of processor time to a file, and ends.
process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeFileSync(process.env.BENCH_CPU_FILE, String((user + system) / 1000));
  process.exit();
});
