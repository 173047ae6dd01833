/** What the threads can be asked for by name; see `pixel-threads.ts`. */
export { compareImages } from './compare-images.ts';
export { examinePixels } from './examine-pixels.ts';
export { readRecordedTags } from './image-tags.ts';
