/** Counts the points of the matrix, for the end of the run. */
export class Size {
  readonly #points = new Map<string, number>();

  /** @param how - the kind of the interruptions, such as `faults` */
  constructor(readonly how: string) {}

  add(operation: string, points: number): void {
    this.#points.set(operation, (this.#points.get(operation) ?? 0) + points);
  }

  /** Passes the line to the reporter, or to the terminal if jest keeps nothing for reporters. */
  print(): void {
    const parts = [...this.#points].map(([operation, points]) => `${operation} ${points}`);
    const all = [...this.#points.values()].reduce((sum, points) => sum + points, 0);
    console.log(`crash matrix, ${this.how}: ${all} points (${parts.join(', ')})`);
  }
}
