/** Versions as `temporal --version` prints them; null for what is not said. */
export interface CliVersion {
  cli: string | null;
  server: string | null;
}

/**
 * @example
 * parseCliVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.51.0)'); // { cli: '1.9.1', server: '1.32.0' }
 */
export function parseCliVersion(printed: string): CliVersion {
  return {
    cli: /temporal version v?(\d+\.\d+\.\d+)/i.exec(printed)?.[1] ?? null,
    server: /Server v?(\d+\.\d+\.\d+)/i.exec(printed)?.[1] ?? null,
  };
}

/** Whether a version is at least `needed`, such as 1.29. */
export function isAtLeast(version: string, needed: readonly [major: number, minor: number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > needed[0] || (major === needed[0] && minor >= needed[1]);
}
