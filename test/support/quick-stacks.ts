// The SDK of Pulumi takes a stack trace of each promise and of each resource. Jest maps every line of a trace to its
// source, which took most of the time of tests with many resources. No test reads the traces of these files.
const OF_SDK = ['/@pulumi/pulumi/runtime/debuggable.js', '/@pulumi/pulumi/resource.js'];

const mapped = Error.prepareStackTrace;

Error.prepareStackTrace = (error, callSites): unknown => {
  const file = callSites[0]?.getFileName() ?? '';
  return OF_SDK.some((each) => file.endsWith(each)) ? String(error) : mapped(error, callSites);
};

export {};
