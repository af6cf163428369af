/** The clients of the SDK wait a random part of a time that doubles: in the tests of this file, none of it. */
export function withoutJitter(): void {
  beforeAll(() => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });
}
