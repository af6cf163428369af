import { watchEngine } from '../../src/provider/engine-watch';

function watched(address: string | undefined, answers: boolean[]) {
  const looks: { look: () => void; milliseconds: number }[] = [];
  const end = jest.fn();
  watchEngine(address, {
    isThere: () => Promise.resolve(answers.shift() ?? true),
    repeat: (look, milliseconds) => looks.push({ look, milliseconds }),
    end,
  });
  const look = async (): Promise<void> => {
    looks[0]?.look();
    await new Promise(setImmediate);
  };
  return { looks, end, look };
}

describe('when the CLI of a provider process was killed', () => {
  it('the process ends by itself within a minute', async () => {
    const { looks, end, look } = watched('127.0.0.1:4711', [true, false, false]);
    await look();
    await look();
    expect(end).not.toHaveBeenCalled();
    await look();
    expect(end).toHaveBeenCalled();
    expect(looks[0]!.milliseconds * 3).toBeLessThanOrEqual(60_000);
  });

  it('an engine that misses one look ends nothing', async () => {
    const { end, look } = watched('127.0.0.1:4711', [false, true, false, true]);
    for (let times = 0; times < 4; times += 1) await look();
    expect(end).not.toHaveBeenCalled();
  });

  it.each([undefined, '/some/path', 'test'])('%s is no engine, and is not watched', (address) => {
    expect(watched(address, []).looks).toEqual([]);
  });
});
