/** A history that the workflows of this release would not have made. */
export class NotReplayable extends Error {
  override readonly name = 'NotReplayable';
}
