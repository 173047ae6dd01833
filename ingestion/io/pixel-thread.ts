/** What the threads can be asked for by name; see `pixel-threads.ts`. */
export { examinePixels } from './examine-pixels.ts';
export { readRecordedTags } from './image-tags.ts';
