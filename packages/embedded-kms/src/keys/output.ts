/** A value in an answer. Buffers become base64 and Dates epoch seconds. */
export type OutputValue =
  string | number | boolean | Buffer | Date | readonly OutputValue[] | Output | undefined;

/** The members of an answer, without those that are undefined. */
export interface Output {
  readonly [member: string]: OutputValue;
}
