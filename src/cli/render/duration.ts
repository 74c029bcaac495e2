export { renderDuration } from '../../domain/text/duration.ts';
