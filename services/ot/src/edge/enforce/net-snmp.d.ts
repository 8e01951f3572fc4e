/** What is used of net-snmp, which brings no types. */
declare module "net-snmp" {
  export interface Varbind {
    readonly oid: string;
    readonly type: number;
    readonly value: unknown;
  }
  interface Message {
    readonly msgGlobalData?: { readonly msgFlags?: number };
  }
  interface Request {
    readonly responseCb: (error: Error) => void;
  }
  export interface Session {
    get(oids: readonly string[], done: (error: Error | null, found?: readonly Varbind[]) => void): void;
    set(what: readonly Varbind[], done: (error: Error | null) => void): void;
    /** `each` may stop the walk by true. */
    subtree(
      oid: string,
      atOnce: number,
      each: (found: readonly Varbind[]) => boolean,
      done: (error: Error | null) => void,
    ): void;
    on(event: "error", listener: (error: unknown) => void): void;
    close(): void;
    onSimpleGetResponse: (request: Request, message: Message) => void;
  }
  interface User {
    readonly name: string;
    readonly level: number;
    readonly authProtocol: number | undefined;
    readonly authKey: string;
    readonly privProtocol: number | undefined;
    readonly privKey: string;
  }
  interface Options {
    readonly version?: number;
    readonly port: number;
    readonly transport: "udp4" | "udp6";
    readonly timeout: number;
    readonly retries: number;
    readonly context?: string;
    readonly backwardsGetNexts: boolean;
    readonly reportOidMismatchErrors: boolean;
  }
  const snmp: {
    createSession(address: string, community: string, options: Options): Session;
    createV3Session(address: string, user: User, options: Options): Session;
    isVarbindError(found: Varbind): boolean;
    readonly Version2c: number;
    readonly SecurityLevel: { readonly authPriv: number };
    readonly AuthProtocols: Readonly<Record<string, number>>;
    readonly PrivProtocols: Readonly<Record<string, number>>;
    readonly ObjectType: { readonly Integer: number };
  };
  export default snmp;
}
