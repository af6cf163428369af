// Preloaded into the processes of an update: that of the provider keeps the largest size that it had, in kilobytes, in
// a file, because it may be killed.
if (process.argv[1]?.includes('dynamic-provider')) {
  const { writeFileSync } = require('node:fs');
  let largest = 0;
  setInterval(() => {
    const { maxRSS } = process.resourceUsage();
    if (maxRSS > largest) writeFileSync(process.env.BENCH_MEMORY_FILE, String((largest = maxRSS)));
  }, 50).unref();
}
