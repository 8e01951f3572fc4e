/** A place in the network as one number: the same for the same MAC, VLAN and address, whoever computes it and whenever. */

/**
 * 53 bits, so that it passes through JSON unharmed: among 100,000 places of one site two meet with a chance of 1 in 1.8 million.
 * Two multiplicative hashes of 32 bits (after the finaliser of MurmurHash3) over the parts.
 */
export function endpointId(mac: number, vlan: number, address: string): number {
  let a = mix(0x9e3779b1, mac % 4_294_967_296);
  let b = mix(0x85ebca6b, Math.floor(mac / 4_294_967_296) * 4_096 + vlan);
  a = mix(a, vlan);
  b = mix(b, mac % 4_294_967_296);
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    a = mix(a, code);
    b = Math.imul(b ^ code, 0x01000193);
  }
  b = mix(b, address.length);
  return (finish(a) & 0x1f_ffff) * 4_294_967_296 + (finish(b ^ a) >>> 0);
}

const mix = (hash: number, value: number): number =>
  Math.imul(((hash << 13) | (hash >>> 19)) ^ value, 0xc2b2ae35) + 0x27d4eb2f;

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
