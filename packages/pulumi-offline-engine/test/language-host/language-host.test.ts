import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { eventually, isRunning } from '../support/eventually';
import { Host, HOST_PROGRAM, messages, sdk } from './host';
import { StandInProject } from './stand-in-project';

interface RunOptions {
  readonly options?: Record<string, string | boolean>;
  readonly dryRun?: boolean;
  readonly arguments?: string[];
}

describe('when an engine calls the language host for tests', () => {
  let host: Host;
  let project: StandInProject;

  beforeAll(async () => {
    host = await start();
  });

  afterAll(() => host.stop());

  beforeEach(() => {
    project = new StandInProject();
  });

  afterEach(() => {
    project.remove();
  });

  // With flags that Pulumi's own host gets.
  const start = () => Host.start('-root=/elsewhere', '-typescript', '127.0.0.1:1');

  const infoOf = (options: Record<string, string | boolean> = {}) => {
    const info = new messages.ProgramInfo();
    info.setRootDirectory('/root-of-project');
    info.setProgramDirectory(project.folder);
    info.setEntryPoint('entry.js');
    info.setOptions(sdk.struct.Struct.fromJavaScript(options));
    return info;
  };

  const requestOf = ({ options, dryRun = false, arguments: args = [] }: RunOptions = {}) => {
    const request = new messages.RunRequest();
    request.setMonitorAddress('127.0.0.1:2');
    request.setOrganization('organization');
    request.setProject('keys');
    request.setStack('dev');
    request.setPwd(project.folder);
    request.setDryrun(dryRun);
    request.setParallel(7);
    request.setArgsList(args);
    request.setInfo(infoOf(options));
    request.getConfigMap().set('keys:a', 'one').set('keys:b', 'two');
    request.setConfigsecretkeysList(['keys:b']);
    return request;
  };

  const pluginOf = (kind: string) => {
    const request = new messages.RunPluginRequest();
    request.setKind(kind);
    request.setPwd('/');
    request.setInfo(infoOf());
    request.setArgsList(['127.0.0.1:3']);
    request.setEnvList(['ONE=1=1', 'EMPTY=']);
    return request;
  };

  it('it answers what an engine asks before it runs anything', async () => {
    const { client } = host;
    const info = await host.call<object, { getVersion(): string }>(
      (request, done) => client.getPluginInfo(request as never, done),
      new sdk.empty.Empty(),
    );
    expect(info.getVersion()).toBe('0.0.0');
    const about = await host.call<object, { getExecutable(): string; getVersion(): string }>(
      (request, done) => client.about(request as never, done),
      new messages.AboutRequest(),
    );
    expect(about.getExecutable()).toBe(process.execPath);
    expect(about.getVersion()).toBe(process.version);
    const plugins = await host.call<object, { getPluginsList(): unknown[] }>(
      (request, done) => client.getRequiredPlugins(request as never, done),
      new messages.GetRequiredPluginsRequest(),
    );
    expect(plugins.getPluginsList()).toEqual([]);
    const installed = client.installDependencies(new messages.InstallDependenciesRequest());
    installed.resume();
    await once(installed, 'end');
  });

  it('a program gets its configuration, the addresses and its arguments', async () => {
    project.entry('run');
    const response = await host.run(requestOf({ arguments: ['--one', 'two'] }));
    expect([response.getBail(), response.getError()]).toEqual([false, '']);
    const { args, cwd, env } = project.started!;
    expect(cwd).toBe(project.folder);
    expect(args).toEqual([
      ...['--monitor', '127.0.0.1:2', '--engine', '127.0.0.1:1'],
      ...['--organization', 'organization', '--project', 'keys'],
      ...['--root-directory', '/root-of-project', '--stack', 'dev', '--pwd', project.folder],
      ...['--parallel', '7', 'entry.js', '--one', 'two'],
    ]);
    expect(JSON.parse(env.PULUMI_CONFIG!)).toEqual({ 'keys:a': 'one', 'keys:b': 'two' });
    expect(JSON.parse(env.PULUMI_CONFIG_SECRET_KEYS!)).toEqual(['keys:b']);
  });

  it('the handshake replaces the address of the engine', async () => {
    project.entry('run');
    const handshake = new messages.LanguageHandshakeRequest();
    handshake.setEngineAddress('127.0.0.1:4');
    const own = await start();
    await own.call<object, object>(
      (request, done) => own.client.handshake(request as never, done),
      handshake,
    );
    await own.run(requestOf());
    await own.stop();
    expect(project.started?.args.slice(2, 4)).toEqual(['--engine', '127.0.0.1:4']);
  });

  it('a preview is a dry run', async () => {
    project.entry('run');
    await host.run(requestOf({ dryRun: true }));
    expect(project.started?.args).toContain('--dry-run');
  });

  it.each([
    [{}, 'true'],
    [{ typescript: true, packagemanager: 'npm' }, 'true'],
    [{ typescript: false }, undefined],
  ])('with the options %j, PULUMI_NODEJS_TYPESCRIPT is %s', async (options, expected) => {
    project.entry('run');
    await host.run(requestOf({ options }));
    expect(project.started?.env.PULUMI_NODEJS_TYPESCRIPT).toBe(expected);
  });

  it('an option that it does not serve is refused by its name', async () => {
    project.entry('run');
    const response = await host.run(requestOf({ options: { nodeargs: '--inspect' } }));
    expect(response.getError()).toBe(
      'Pulumi.yaml: the language host for tests does not serve runtime.options.nodeargs',
    );
    expect(project.started).toBeUndefined();
  });

  it.each([
    ['process.exitCode = 32;', true, ''],
    ['process.exitCode = 5;', false, 'the program ended with exit code 5'],
    ["process.kill(process.pid, 'SIGKILL');", false, 'the program ended with signal SIGKILL'],
  ])('a program that does %s', async (code, bail, error) => {
    project.entry('run', code);
    const response = await host.run(requestOf());
    expect([response.getBail(), response.getError()]).toEqual([bail, error]);
  });

  it('the output of a program is the output of the host', async () => {
    project.entry('run', "console.log('said');");
    await host.run(requestOf());
    await eventually(() => host.lines.includes('said'));
  });

  it('a project without the SDK is a clear error', async () => {
    const message = `@pulumi/pulumi is not installed in ${project.folder}. Run: npm install @pulumi/pulumi`;
    await expect(host.run(requestOf())).rejects.toThrow(message);
    await expect(host.runPlugin(pluginOf('resource'))).rejects.toThrow(message);
  });

  it.each([
    ['analyzer', 'run-policy-pack', (folder: string) => ['127.0.0.1:3', folder], undefined],
    ['resource', 'run-plugin', (folder: string) => [folder, '127.0.0.1:3'], '/'],
  ] as const)(
    'a plugin of the kind %s runs by %s, and its output and exit code come back',
    async (kind, entry, args, cwd) => {
      project.entry(
        entry,
        "process.stdout.write('out'); process.stderr.write('wrong'); process.exitCode = 9;",
      );
      const output = await host.runPlugin(pluginOf(kind));
      expect(output).toEqual({ stdout: 'out', stderr: 'wrong', code: 9 });
      expect(project.started).toMatchObject({
        args: args(project.folder),
        cwd: cwd ?? project.folder,
        env: { ONE: '1=1', EMPTY: '' },
      });
      // The list in the request is the whole environment.
      expect(project.started?.env.PATH).toBeUndefined();
    },
  );

  it('the end of a call ends the program or the plugin that it started', async () => {
    project.entry('run', 'setInterval(() => undefined, 1000);');
    project.entry('run-plugin', 'setInterval(() => undefined, 1000);');
    const run = host.client.run(requestOf(), () => undefined);
    const program = await eventually(() => project.started);
    run.cancel();
    await eventually(() => !isRunning(program.pid));

    const stream = host.client.runPlugin(pluginOf('resource'));
    stream.on('error', () => undefined);
    stream.resume();
    const plugin = await eventually(() => project.started?.pid !== program.pid && project.started);
    stream.cancel();
    await eventually(() => !isRunning(plugin.pid));

    // The host goes on.
    project.entry('run');
    expect((await host.run(requestOf())).getError()).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the host and what it runs', async (signal) => {
    project.entry('run', 'setInterval(() => undefined, 1000);');
    const own = await start();
    own.client.run(requestOf(), () => undefined);
    const program = await eventually(() => project.started);
    own.process.kill(signal);
    await once(own.process, 'exit');
    own.client.close();
    await eventually(() => !isRunning(program.pid));
  });
});

describe('when the engine of the language host for tests dies', () => {
  it('the host ends', async () => {
    // Replaces the engine: starts the host, prints its process ID, and dies of SIGKILL.
    const engine = spawn(
      process.execPath,
      [
        '-e',
        `const host = require('node:child_process').spawn(process.argv[1], ['127.0.0.1:1'], {
           stdio: ['ignore', 'pipe', 'inherit'],
         });
         host.stdout.once('data', () => console.log(host.pid));`,
        HOST_PROGRAM,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [pid] = (await once(createInterface({ input: engine.stdout }), 'line')) as [string];
    expect(isRunning(Number(pid))).toBe(true);
    engine.kill('SIGKILL');
    await eventually(() => !isRunning(Number(pid)));
  });
});
