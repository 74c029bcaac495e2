/** Tells the exit code of a command that has ended as it should. */
export type Finish = (code: number) => void;
