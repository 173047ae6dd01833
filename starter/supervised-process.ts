import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Restarts of one process within the window, after which it is given up. */
const MAX_RESTARTS = 10;
const RESTART_WINDOW_MS = 60_000;
const RESTART_WAIT_MS = 500;
const READY_TIMEOUT_MS = 60_000;

export interface ProcessPlan {
  name: string;
  command: string;
  args: string[];
  environment: NodeJS.ProcessEnv;
  logPath: string;
  /** How long it may take to end by itself after SIGTERM. */
  graceMs: number;
}

/**
 * Keeps one process running: what dies is started again, a few times a minute. The process says `ready`
 * on its message channel, and ends by itself when the channel closes, so that none outlives its owner.
 */
export class SupervisedProcess {
  private readonly plan: ProcessPlan;
  private readonly onGivenUp: (reason: string) => void;
  private child: ChildProcess | undefined;
  private restarts: number[] = [];
  private isStopping = false;

  private constructor(plan: ProcessPlan, onGivenUp: (reason: string) => void) {
    this.plan = plan;
    this.onGivenUp = onGivenUp;
  }

  /** Resolves when the process is ready for work. */
  static async start(
    plan: ProcessPlan,
    onGivenUp: (reason: string) => void,
  ): Promise<SupervisedProcess> {
    const supervised = new SupervisedProcess(plan, onGivenUp);
    await supervised.launch();
    return supervised;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.plan.graceMs);
    await ended;
    clearTimeout(timer);
  }

  /** Starts a process that was stopped. */
  async restart(): Promise<void> {
    this.isStopping = false;
    await this.launch();
  }

  private launch(): Promise<void> {
    const { name, command, args, environment, logPath } = this.plan;
    const log = openSync(logPath, 'a');
    const child = spawn(command, args, {
      env: environment,
      stdio: ['ignore', log, log, 'ipc'],
      // Out of the terminal's group: after Ctrl-C the owner's signal would be the second, which kills at once.
      detached: true,
    });
    closeSync(log);
    this.child = child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(`Cannot start ${name} within ${READY_TIMEOUT_MS / 1000} s: see ${logPath}`),
          ),
        READY_TIMEOUT_MS,
      );
      child.once('error', reject);
      child.on('message', (message) => {
        if (message !== 'ready') return;
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(new Error(`Cannot start ${name} as it ended (${signal ?? code}): see ${logPath}`));
        void this.relaunch(code, signal);
      });
    });
  }

  private async relaunch(code: number | null, signal: string | null): Promise<void> {
    if (this.isStopping) return;
    const now = Date.now();
    this.restarts = [...this.restarts.filter((time) => now - time < RESTART_WINDOW_MS), now];
    if (this.restarts.length > MAX_RESTARTS) {
      this.onGivenUp(
        `${this.plan.name} ended ${MAX_RESTARTS} times within a minute, last with ${signal ?? code}: see ${this.plan.logPath}`,
      );
      return;
    }
    await delay(RESTART_WAIT_MS);
    if (this.isStopping) return;
    // A failed start ends in the exit handler, which comes back here.
    await this.launch().catch(() => undefined);
  }
}
