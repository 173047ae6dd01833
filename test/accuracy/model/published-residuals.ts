/** Ten residuals whose figures were computed independently, meters. */
export const publishedPoints = (
  [
    [0.021, -0.034, 0.041],
    [-0.012, 0.027, -0.018],
    [0.045, 0.01, 0.065],
    [-0.008, -0.022, 0.012],
    [0.03, 0.041, -0.055],
    [0.015, -0.013, 0.023],
    [-0.027, 0.018, 0.037],
    [0.038, -0.006, -0.009],
    [0.004, 0.033, 0.051],
    [-0.019, -0.029, 0.016],
  ] as const
).map(([east, north, up]) => ({ east, north, up }));
