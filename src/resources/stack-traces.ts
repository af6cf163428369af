/**
 * Lets errors keep one frame of their stack, until the function that it returns is called. The SDK takes
 * four stack traces for each output of a resource, in case a promise is never settled: with all their
 * frames they are the larger part of what a registration costs.
 */
export function shortenStackTraces(): () => void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
}
