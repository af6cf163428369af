import { arch, cpus, platform } from 'node:os';
import type { Part } from './parts';
import type { Line } from './result';

/** Everything that one run measured. */
export interface Report {
  readonly machine: Machine;
  readonly options: Options;
  /** How long each part took. */
  readonly seconds: Readonly<Partial<Record<Part, number>>>;
  readonly lines: readonly (Line & { readonly part: Part })[];
}

/** The machine of a run. */
interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly platform: string;
  readonly node: string;
}

/** Extent of a run. */
export interface Options {
  /** Also measures what takes many minutes. */
  readonly full: boolean;
  /** Measures less of everything, only to check that it runs. */
  readonly quick: boolean;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processors: processors.length,
    model: processors[0]?.model ?? 'unknown',
    platform: `${platform()} ${arch()}`,
    node: process.version,
  };
}
