// Loads the files of bench that the arguments name, and fails at the first one that cannot be loaded.
for (const file of process.argv.slice(2)) {
  await import(new URL(`../../bench/${file}`, import.meta.url));
}
process.exit(0);
