import { runInThisContext } from 'node:vm';

// The SDK of Pulumi takes a stack trace of each promise and of each resource. Jest maps every line of a trace to its
// source, which took most of the time of tests with many resources. No test reads the traces of these files.
const OF_SDK = ['/@pulumi/pulumi/runtime/debuggable.js', '/@pulumi/pulumi/resource.js'];

// Jest sets it in the context of the process, and Node.js uses that one for the contexts of tests too.
const { prepareStackTrace: mapped } = runInThisContext('Error') as Partial<ErrorConstructor>;

Error.prepareStackTrace = (error, callSites): unknown => {
  const file = callSites[0]?.getFileName() ?? '';
  return mapped === undefined || OF_SDK.some((each) => file.endsWith(each))
    ? `${String(error)}\n    at ${callSites.map(String).join('\n    at ')}`
    : mapped(error, callSites);
};
