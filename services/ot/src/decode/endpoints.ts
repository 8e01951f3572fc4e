/** Who takes part: MAC, VLAN and address as numbers; texts are made only for an upload. */
import { KeyTable } from "@yagura/packets/key-table.ts";
import { ipv4Text } from "../protocols/codecs/addresses.ts";
import { ipv6Text, macOf, wordsOf } from "./addresses.ts";
import { MAX_ENDPOINTS } from "./limits.ts";

const NONE = 0;

export class Endpoints {
  /** Upper 16 bits of the MAC and the VLAN, lower 32 bits, address (IPv4, or number of an IPv6 address), version of IP. */
  readonly #table = new KeyTable(4, MAX_ENDPOINTS);
  /** VLAN and version of IP, address → the endpoint that bore it last. */
  readonly #byAddress = new KeyTable(2, MAX_ENDPOINTS);
  readonly #bearer = new Int32Array(MAX_ENDPOINTS);
  readonly #addresses6: KeyTable;
  readonly #texts: string[] = [];
  /** Endpoints that had no room. */
  dropped = 0;
  /** Set by `put`: it was never seen before. */
  fresh = false;

  constructor(addresses6: KeyTable) {
    this.#addresses6 = addresses6;
  }

  /** Number of an endpoint, −1 when there is no room. */
  put(macHigh: number, macLow: number, vlan: number, version: number, address: number): number {
    const { key } = this.#table;
    key[0] = macHigh | (vlan << 16);
    key[1] = macLow;
    key[2] = version === NONE ? 0 : address;
    key[3] = version;
    const row = this.#table.put();
    this.fresh = this.#table.fresh;
    if (row < 0) this.dropped++;
    else if (this.fresh && version !== NONE) this.#bears(vlan, version, address, row);
    return row;
  }

  #bears(vlan: number, version: number, address: number, row: number): void {
    const { key } = this.#byAddress;
    key[0] = vlan | (version << 16);
    key[1] = address;
    const place = this.#byAddress.put();
    if (place >= 0) this.#bearer[place] = row;
  }

  /** Endpoint of an address written as text (MAC or IP); −1 when it is none or there is no room. */
  named(text: string, vlan: number): number {
    const mac = macOf(text);
    if (mac >= 0) return this.put(Math.floor(mac / 4_294_967_296), mac | 0, vlan, NONE, 0);
    const words = wordsOf(text);
    if (words === null) return -1;
    let address = words[0] as number;
    const version = words.length === 1 ? 4 : 6;
    if (version === 6) {
      this.#addresses6.key.set(words);
      address = this.#addresses6.put();
    }
    const { key } = this.#byAddress;
    key[0] = vlan | (version << 16);
    key[1] = address;
    const place = this.#byAddress.find();
    return place >= 0 ? (this.#bearer[place] as number) : this.put(0, 0, vlan, version, address);
  }

  mac(row: number): number {
    return (this.#table.word(row, 0) & 0xffff) * 4_294_967_296 + (this.#table.word(row, 1) >>> 0);
  }
  vlan(row: number): number {
    return this.#table.word(row, 0) >>> 16;
  }
  /** Text of the address, empty below IP. */
  address(row: number): string {
    return (this.#texts[row] ??= this.#textOf(row));
  }
  #textOf(row: number): string {
    const version = this.#table.word(row, 3);
    const address = this.#table.word(row, 2);
    if (version === 4) return ipv4Text(address);
    if (version !== 6 || address < 0) return "";
    const six = this.#addresses6;
    return ipv6Text([six.word(address, 0), six.word(address, 1), six.word(address, 2), six.word(address, 3)]);
  }

  get count(): number {
    return this.#table.count;
  }
  get crowded(): boolean {
    return this.#table.count > (MAX_ENDPOINTS * 9) / 10;
  }
  clear(): void {
    this.#table.clear();
    this.#byAddress.clear();
    this.#texts.length = 0;
  }
}
