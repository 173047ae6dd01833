import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

/** The address belongs to a private, loopback or otherwise special network. */
export class PrivateAddress extends Error {
  constructor(address: string) {
    super(
      `Cannot download from "${address}" as it is not a public address: set SKYLOOM_ALLOW_PRIVATE_ADDRESSES=true on the workers to allow it`,
    );
  }
}

/** Whether an IP address is one that the whole internet routes. IPv4 in IPv6 is looked at as IPv4. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * A connector for undici that refuses everything but public addresses.
 *
 * Names are judged by the address that the socket really reached, so that no second resolution can
 * differ from the one that was checked; literal addresses are judged before a connection is tried.
 */
export function publicOnlyConnector(
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, done) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(host) && !isPublicAddress(host)) {
      done(new PrivateAddress(host), null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (socket === null || error !== null) {
        done(error ?? new Error(`Cannot connect to "${host}"`), null);
        return;
      }
      if (!isPublicAddress(socket.remoteAddress ?? '')) {
        socket.destroy();
        done(new PrivateAddress(host), null);
        return;
      }
      done(null, socket);
    });
  };
}
