/** What the threads can be asked for by name; see `pixel-threads.ts`. */
export { measurePixels } from '../model/measure-pixels.ts';
export { readRecordedTags } from './image-tags.ts';
