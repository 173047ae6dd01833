import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { workerKinds } from '../../contracts/task-queues.ts';
import { root } from '../support/compose-file.ts';

/**
 * What a worker exposes, as scraped from one of SDK 1.24.0 with `countersTotalSuffix`, `unitSuffix` and
 * `useSecondsForDurations`, whose workflows and activities had completed, failed and been cancelled.
 * `temporal_long_request_failure_total` is from the sources of the SDK: no long poll failed.
 */
const counters = [
  'temporal_activity_execution_failed_total',
  'temporal_activity_task_received_total',
  'temporal_local_activity_execution_failed_total',
  'temporal_local_activity_total_total',
  'temporal_long_request_failure_total',
  'temporal_long_request_total',
  'temporal_request_failure_total',
  'temporal_request_total',
  'temporal_sticky_cache_hit_total',
  'temporal_sticky_cache_miss_total',
  'temporal_sticky_cache_total_forced_eviction_total',
  'temporal_worker_start_total',
  'temporal_workflow_canceled_total',
  'temporal_workflow_completed_total',
  'temporal_workflow_continue_as_new_total',
  'temporal_workflow_failed_total',
  'temporal_workflow_task_execution_failed_total',
  'temporal_workflow_task_queue_poll_succeed_total',
];
const gauges = [
  'temporal_num_pollers',
  'temporal_sticky_cache_size',
  'temporal_worker_task_slots_available',
  'temporal_worker_task_slots_used',
];
const histograms = [
  'temporal_activity_execution_latency_seconds',
  'temporal_activity_schedule_to_start_latency_seconds',
  'temporal_activity_succeed_endtoend_latency_seconds',
  'temporal_local_activity_execution_latency_seconds',
  'temporal_local_activity_succeed_endtoend_latency_seconds',
  'temporal_long_request_latency_seconds',
  'temporal_request_latency_seconds',
  'temporal_workflow_endtoend_latency_seconds',
  'temporal_workflow_task_execution_latency_seconds',
  'temporal_workflow_task_replay_latency_seconds',
  'temporal_workflow_task_schedule_to_start_latency_seconds',
];
const known = new Set([
  ...counters,
  ...gauges,
  ...histograms.flatMap((name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`]),
]);

interface AlertRule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

async function read(name: string): Promise<unknown> {
  return parse(await readFile(join(root, 'deploy', 'prometheus', name), 'utf8'));
}

async function readRules(): Promise<AlertRule[]> {
  const { groups } = (await read('alerts.yml')) as { groups: { rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

describe('alerts.yml', () => {
  it('asks only for metrics that there are', async () => {
    const names = (await readRules()).flatMap(({ expr }) => expr.match(/\btemporal_\w+/g) ?? []);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('asks for those of our workers, as the server has workers inside with the same metrics', async () => {
    const expressions = (await readRules()).map(({ expr }) => expr).join('\n');
    expect(expressions.match(/\btemporal_\w+(?!\w|\{job="skyloom")/g)).toBeNull();
  });

  it('misses each kind of worker', async () => {
    const { expr } = (await readRules()).find(({ alert }) => alert === 'WorkerMissing')!;
    const kinds = [...expr.matchAll(/absent\(up\{job="skyloom", kind="(\w+)"\}\)/g)];
    expect(kinds.map((match) => match[1])).toEqual(workerKinds);
  });

  it('says in words what is wrong and how bad it is, under a name of its own', async () => {
    const rules = await readRules();
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { labels, annotations } of rules) {
      expect(labels.severity).toMatch(/^(warning|critical)$/);
      expect(annotations.summary).toMatch(/^\S.*[^.]$/);
    }
  });
});

describe('prometheus.yml', () => {
  it('finds every container of each kind of worker where it serves its metrics', async () => {
    const { scrape_configs: jobs } = (await read('prometheus.yml')) as {
      scrape_configs: { job_name: string; dns_sd_configs?: unknown[] }[];
    };
    const { dns_sd_configs: places } = jobs.find(({ job_name: name }) => name === 'skyloom')!;
    expect(places).toMatchObject([{ names: workerKinds, type: 'A', port: 9464 }]);
  });
});
