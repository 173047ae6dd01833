import colors from 'picocolors';
import type { Settings } from '../../platform/configuration.ts';
import {
  configuredServer,
  isLocalAddress,
  type ServerAccess,
} from '../../platform/temporal/connection.ts';
import { type Check, fault, ok, reasonIn } from '../doctor/check.ts';
import { checkCli, checkNode, checkSharp, checkSourceRoots } from '../doctor/machine-checks.ts';
import {
  checkClock,
  checkNamespace,
  checkSearchAttributes,
  checkServer,
  checkWorkers,
  made,
} from '../doctor/server-checks.ts';
import { checkFreeDisk, checkSharedStore, checkStorage } from '../doctor/storage-checks.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { findServer, withClient } from '../find-server.ts';
import { type Terminal } from '../terminal.ts';

const marks = {
  ok: colors.green('ok   '),
  warning: colors.yellow('WARN '),
  fault: colors.red('FAULT'),
};

/** Looks at everything that a run needs, and says what to do about each fault. */
export async function doctor(settings: Settings, terminal: Terminal): Promise<ExitCode> {
  const home = settings.SKYLOOM_HOME;
  const configured = configuredServer();
  const access =
    configured ??
    (await findServer(settings).then(
      (found) => found.access,
      () => null,
    ));
  const isServerLocal = access === null || isLocalAddress(access.connectionOptions.address);
  const checks = [
    checkNode(),
    await checkSharp(),
    await checkCli(configured !== undefined),
    ...(await checkStorage(home)),
    await checkFreeDisk(home),
    ...(await checkSharedStore(settings)),
    await checkSourceRoots(settings, isServerLocal),
    ...(access === null ? [noServer(home)] : await serverChecks(access)),
  ];
  const faults = checks.filter(({ state }) => state === 'fault').length;
  terminal.answer({ isHealthy: faults === 0, checks }, checks.map(checkWords).join('\n'));
  return faults === 0 ? exitCodes.done : exitCodes.failed;
}

async function serverChecks(access: ServerAccess): Promise<Check[]> {
  const { namespace } = access;
  const { address } = access.connectionOptions;
  try {
    return await withClient(access, async (client, connection) => {
      const checks = [
        await made('server', checkServer(connection, address)),
        await made('namespace', checkNamespace(connection, namespace)),
      ];
      if (checks.some(({ state }) => state === 'fault')) return checks;
      return [
        ...checks,
        await made('search attributes', checkSearchAttributes(connection, namespace)),
        await made('clock', checkClock(connection, namespace)),
        ...(await checkWorkers(client)),
      ];
    });
  } catch (error) {
    return [
      fault(
        'server',
        reasonIn(error),
        'Start it, or correct TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the TLS or API key settings',
      ),
    ];
  }
}

function noServer(home: string): Check {
  return ok('server', `none is set, and none runs for ${home}: "skyloom up" starts one`);
}

function checkWords({ name, state, words, remedy }: Check): string {
  const line = `${marks[state]}  ${name.padEnd(22)}  ${words}`;
  return remedy === null ? line : `${line}\n${' '.repeat(31)}→ ${remedy}`;
}
