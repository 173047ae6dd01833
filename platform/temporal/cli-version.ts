/** Versions that `temporal --version` states. */
export interface CliVersion {
  cli: string;
  /** Version of the server that the CLI starts by `server start-dev`. */
  server: string;
}

/**
 * Versions in the output of `temporal --version`, or undefined when it is not the output of the
 * Temporal CLI (tctl, for one, has another form).
 *
 * @example
 * parseCliVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.51.0)'); // { cli: '1.9.1', server: '1.32.0' }
 */
export function parseCliVersion(output: string): CliVersion | undefined {
  const match = /^temporal version (\S+) \(Server (\d+\.\d+\.\d+)/m.exec(output);
  const [, cli, server] = match ?? [];
  return cli === undefined || server === undefined ? undefined : { cli, server };
}

/**
 * Whether a version is not older than another; parts that one of them lacks count as 0.
 *
 * @example
 * isAtLeast('1.32.0', '1.29'); // true
 */
export function isAtLeast(version: string, needed: string): boolean {
  const found = version.split('.').map(Number);
  const wanted = needed.split('.').map(Number);
  for (let part = 0; part < Math.max(found.length, wanted.length); part++) {
    const difference = (found[part] ?? 0) - (wanted[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
