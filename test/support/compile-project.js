// Compiles a project and prints its diagnostics as JSON. The TypeScript that Pulumi brings has no command, so this
// calls the compiler itself. Arguments: the compiler, the folder, and a pattern of the files that are checked.
const { join } = require('node:path');

const [, , compiler, folder, pattern] = process.argv;
const ts = require(compiler);
const checked = new RegExp(pattern);

const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
const program = ts.createProgram(fileNames, options);
const files = program.getSourceFiles().filter(({ fileName }) => checked.test(fileName));
const diagnostics = [
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]),
];
console.log(
  JSON.stringify({
    version: ts.version,
    files: files.map(({ fileName }) => fileName),
    diagnostics: diagnostics.map(({ file, start, messageText }) => ({
      file: file?.fileName ?? 'tsconfig.json',
      message: `${file === undefined ? '' : `line ${file.getLineAndCharacterOfPosition(start).line + 1}: `}${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    })),
  }),
);
