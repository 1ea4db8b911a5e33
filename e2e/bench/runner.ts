/** Something that takes steps. */
export interface Runner {
  readonly runs?: number;
  run(steps: number): void;
  /** Training loss of the latest step, and what else it measured. */
  readonly outputs: () => Readonly<Record<string, number>>;
  load?(prefix: string): void;
  choose?(index: number): void;
  /** Opens so many more sessions and tells what they cost. */
  crowd?(count: number): Readonly<Record<string, number>>;
}
