/** Formats that image tasks write. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff';
