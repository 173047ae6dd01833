import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { isIP } from 'node:net';

/** Where a Temporal server is, and how to talk to it. */
export interface ServerAccess {
  connectionOptions: ClientConnectConfig['connectionOptions'] & { address: string };
  namespace: string;
}

export const DEFAULT_NAMESPACE = 'default';

/**
 * The server that the environment names by `TEMPORAL_*` variables or a profile, or undefined when it
 * names none: then one may be started.
 */
export function configuredServer(): ServerAccess | undefined {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const { address } = connectionOptions;
  if (address === undefined) return undefined;
  return {
    connectionOptions: { ...connectionOptions, address },
    namespace: namespace ?? DEFAULT_NAMESPACE,
  };
}

/** The server of a stack; the namespace is still that of the environment. */
export function serverAt(address: string): ServerAccess {
  const { namespace } = loadClientConnectConfig();
  return { connectionOptions: { address }, namespace: namespace ?? DEFAULT_NAMESPACE };
}

/** Whether the server runs on this machine and answers to nobody else. */
export function isLocalAddress(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
