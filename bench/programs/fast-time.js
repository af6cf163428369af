// Loaded into a process by --require. Makes all its clocks and timers run BENCH_SPEED times as fast.
const timers = require('node:timers');
const promises = require('node:timers/promises');

const speed = Number(process.env.BENCH_SPEED);
const now = performance.now.bind(performance);
const started = Date.now();

performance.now = () => now() * speed;
Date.now = () => Math.floor(started + now() * speed);

const { setTimeout: later } = timers;
const sooner = (callback, milliseconds = 0, ...rest) =>
  later(callback, milliseconds / speed, ...rest);
globalThis.setTimeout = sooner;
timers.setTimeout = sooner;

const { setTimeout: delay } = promises;
promises.setTimeout = (milliseconds = 0, ...rest) => delay(milliseconds / speed, ...rest);
