/** The id of the step that an activity is told of, by its arguments; undefined where it is about none. */
export function stepInInput([input]: readonly unknown[]): string | undefined {
  if (typeof input !== 'object' || input === null || !('step' in input)) return undefined;
  const { step } = input;
  if (typeof step !== 'object' || step === null || !('id' in step)) return undefined;
  return typeof step.id === 'string' ? step.id : undefined;
}
