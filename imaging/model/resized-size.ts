/** What a resize is asked for. */
export interface ResizeRequest {
  width: number;
  height?: number | undefined;
  fit: 'inside' | 'cover';
  /** Without it no image gets larger. */
  enlarge: boolean;
}

/**
 * Most width and height that a resized image has.
 *
 * @param size of the upright image.
 *
 * @example
 * resizedSize({ width: 4000, height: 3000 }, { width: 1600, fit: 'inside', enlarge: false }); // 1600 x 1200
 */
export function resizedSize(
  size: { width: number; height: number },
  { width, height, fit, enlarge }: ResizeRequest,
): { width: number; height: number } {
  const across = width / size.width;
  const down = height === undefined ? across : height / size.height;
  const wanted = fit === 'inside' ? Math.min(across, down) : Math.max(across, down);
  const scale = enlarge ? wanted : Math.min(1, wanted);
  const scaled = { width: Math.ceil(size.width * scale), height: Math.ceil(size.height * scale) };
  // What reaches past the box is cut off.
  return {
    width: Math.min(scaled.width, width),
    height: height === undefined ? scaled.height : Math.min(scaled.height, height),
  };
}
