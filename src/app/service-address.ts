// Where a connection that is edited in the dashboard may point: never at this machine or inside the network, unless the
// configuration allows it. Looks names up; sends nothing anywhere.
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

const INSIDE = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INSIDE.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INSIDE.addSubnet(address, bits, 'ipv6');

/** Why this address may not be called, or null. A name counts as inside as soon as one of its addresses is. */
export async function insideFault(url: string): Promise<string | null> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  if (addresses.length === 0) return `the name ${host} is not known`;
  return addresses.some(isInside)
    ? 'points at this machine or inside the network; server.privateAddresses in the configuration file allows that'
    : null;
}

function isInside(address: string): boolean {
  return INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
