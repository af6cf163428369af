import { environmentOfCommand } from '../../src/material/command-environment';

describe('when a command is run', () => {
  it.each([
    ['programs, folders and temporary files', 'PATH HOME USER LOGNAME SHELL TMPDIR TMP TEMP'],
    ['text', 'LANG LANGUAGE LC_ALL TERM TZ XDG_CONFIG_HOME'],
    [
      'the network',
      'HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY no_proxy SSL_CERT_FILE SSL_CERT_DIR',
    ],
    ['Windows', 'APPDATA ComSpec LOCALAPPDATA PATHEXT ProgramData ProgramFiles'],
    ['the system of Windows', 'SystemDrive SystemRoot USERPROFILE windir'],
  ])('it gets the variables of %s, which are %s', (_what, names) => {
    const passed = Object.fromEntries(names.split(' ').map((name) => [name, 'x']));
    expect(environmentOfCommand({ ...passed, AWS_SECRET_ACCESS_KEY: 'y' }, [])).toEqual(passed);
  });
});
