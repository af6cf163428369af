'use strict';

// In place of the module with which the SDK of Pulumi finds promises that nothing settles. It takes a stack trace of
// each promise, and Jest maps every line of it to its source. That took most of the time of tests with many resources.
module.exports = {
  debugPromiseLeaks: false,
  debuggablePromise: (promise) => promise,
  errorString: (error) => error.stack ?? String(error),
  leakedPromises: () => [new Set(), ''],
  promiseDebugString: () => '',
};
