/** Where the desk is, unless it is told otherwise. */
export const DESK_PORT = 8234;
