import { ManualClock } from '../src';

describe('when a manual clock is used', () => {
  it('stops until it is advanced or set', () => {
    const clock = new ManualClock(new Date(1000));
    expect(clock.now()).toEqual(new Date(1000));
    clock.advance(500);
    expect(clock.now()).toEqual(new Date(1500));
    clock.set(new Date(42));
    expect(clock.now()).toEqual(new Date(42));
  });

  it('starts at the real time by default', () => {
    const before = Date.now();
    expect(new ManualClock().now().getTime()).toBeGreaterThanOrEqual(before);
  });
});
