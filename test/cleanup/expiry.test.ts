import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createExpiryActivities } from '../../cleanup/activities.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { runActivity } from '../support/run-activity.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const DAY_MS = 86_400_000;
const OLD = new Date(Date.now() - 40 * DAY_MS);
const cutoffMs = Date.now() - 30 * DAY_MS;
const oldRun = 'navad_old-01a21417-d945-7b64-a565-0a22610293f3';
const openRun = 'navad_open-01a21417-d945-7b64-a565-0a22610293f4';
const newRun = 'navad_new-01a21417-d945-7b64-a565-0a22610293f5';
const notARun = 'my notes';

let home: string;
let store: ArtifactStore;
let activities: ReturnType<typeof createExpiryActivities>;

beforeEach(async () => {
  home = await scratchFolder();
  store = new ArtifactStore(home);
  const services = {
    settings: readSettings({ SKYLOOM_HOME: home }),
    store,
    logger: pino({ level: 'silent' }),
    isServerLocal: true,
  };
  activities = createExpiryActivities(services, async (runId) => openRun.endsWith(runId));
});

describe('expireRuns()', () => {
  beforeEach(async () => {
    for (const run of [oldRun, openRun, newRun]) {
      await store.addJson(run, { of: run });
      await store.addJson(run, 'shared');
      await writeBelow(`runs/${run}/report.html`, 'report');
      if (run === newRun) continue;
      await makeOld(join(home, 'owners', 'by-owner', run));
      await makeOld(join(home, 'runs', run));
    }
    await writeBelow(`runs/${notARun}/notes.txt`, 'mine');
    await makeOld(join(home, 'runs', notARun));
  });

  it('removes what is old and over, and nothing else', async () => {
    const expired = await expire(false);
    expect(expired).toMatchObject({ runs: 1, files: 1, after: null });
    expect((await readdir(join(home, 'runs'))).sort()).toEqual([notARun, newRun, openRun].sort());
    for (const run of [openRun, newRun]) {
      for (const sha256 of await store.owners.listOf(run)) {
        expect(await store.has({ sha256, bytes: 0, mediaType: '' })).toBe(true);
      }
    }
    expect(await expire(false)).toMatchObject({ runs: 0, files: 0 });
  });

  it('only counts in a dry run', async () => {
    expect(await expire(true)).toMatchObject({ runs: 1 });
    expect(await readdir(join(home, 'runs'))).toHaveLength(4);
  });

  it('goes on after the run that it is told', async () => {
    const expired = await runActivity(activities.expireRuns, {
      cutoffMs,
      isDryRun: false,
      after: oldRun,
    });
    expect(expired).toMatchObject({ runs: 0 });
  });

  function expire(isDryRun: boolean) {
    return runActivity(activities.expireRuns, { cutoffMs, isDryRun, after: null });
  }
});

describe('expireRemembered()', () => {
  it('removes old measures and what a dead process left, and keeps artifacts', async () => {
    const kept = await store.addJson(newRun, 'kept');
    await makeOld(await store.fileOf(kept));
    for (const name of ['memo/ab/old.json', 'artifacts/tmp/half', 'artifacts/ab/x.unowned']) {
      await makeOld(await writeBelow(name, 'x'));
    }
    await writeBelow('memo/ab/new.json', 'x');
    await writeBelow('artifacts/tmp/being-written', 'x');
    const expired = await runActivity(activities.expireRemembered, { cutoffMs, isDryRun: false });
    expect(expired).toEqual({ runs: 0, files: 3, bytes: 3, remembered: 1 });
    expect(await readdir(join(home, 'memo', 'ab'))).toEqual(['new.json']);
    expect(await readdir(join(home, 'artifacts', 'tmp'))).toEqual(['being-written']);
    expect(await store.has(kept)).toBe(true);
  });
});

async function writeBelow(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

function makeOld(path: string): Promise<void> {
  return utimes(path, OLD, OLD);
}
