/** Windows that agree with the model of a scene: all of them, or at most so many in even steps. */
export function someAgreeing<Window extends { isInlier: boolean }>(
  tiePoints: readonly Window[],
  most: number,
): Window[] {
  const inliers = tiePoints.filter(({ isInlier }) => isInlier);
  const every = Math.max(1, Math.ceil(inliers.length / most));
  return inliers.filter((_, index) => index % every === 0);
}
