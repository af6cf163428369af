import { arch, cpus, platform } from 'node:os';
import type { Part } from './parts';
import type { Line } from './result';

/** Everything that one run measured. */
export interface Report {
  readonly machine: Machine;
  readonly options: Options;
  readonly lines: readonly (Line & { readonly part: Part })[];
}

/** Where a run was made. */
interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly platform: string;
  readonly node: string;
}

/** How much is measured. */
export interface Options {
  /** Also what takes many minutes. */
  readonly full: boolean;
  /** Less of everything, to see that it runs. */
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
