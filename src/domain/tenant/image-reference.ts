/** `[host[:port]/]path[:tag][@digest]`, as the registries' distribution specification has it. */
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9][A-Za-z0-9-]*(?:\\.[A-Za-z0-9-]+)*(?::[0-9]+)?)';
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${PART}(?:/${PART})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$`,
);

export function isImageReference(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 512 && REFERENCE.test(text);
}
