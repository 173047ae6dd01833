// The reader of tags tells the console what it thinks of damaged files: that is for findings to say.
Object.assign(globalThis.console, { warn: () => undefined });

/** What the threads can be asked for by name; see `pixel-threads.ts`. */
export { compareImages } from './compare-images.ts';
export { examinePixels } from './examine-pixels.ts';
export { readRecordedTags } from './image-tags.ts';
