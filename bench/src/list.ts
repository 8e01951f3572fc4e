/** Every benchmark. The modules are loaded only when one runs, so that `--list` needs no peer and no engine. */
import type { Bench } from "./result.ts";

interface Listed {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly bench: Bench }>;
}

export const benches: readonly Listed[] = [
  {
    name: "prober",
    group: "experience",
    summary: "1,000 loopback targets x 60 pings beside fping and blackbox_exporter",
    load: () => import("./prober.ts"),
  },
  {
    name: "accuracy",
    group: "experience",
    summary: "error against a TUN reflector's log, quiet and busy, beside fping",
    load: () => import("./accuracy.ts"),
  },
  {
    name: "ingest",
    group: "experience",
    summary: "fleet simulator over HTTP to durable rows",
    load: () => import("./ingest.ts"),
  },
  {
    name: "store",
    group: "experience",
    summary: "bytes a sample and query times beside Prometheus and rrdtool",
    load: () => import("./store.ts"),
  },
  {
    name: "start",
    group: "experience",
    summary: "time to ready on the second start, memory when idle",
    load: () => import("./start.ts"),
  },
  {
    name: "portal",
    group: "experience",
    summary: "size of the first load, time until the session page is usable",
    load: () => import("./portal.ts"),
  },
  {
    name: "bills",
    group: "commerce",
    summary: "contracts of mixed services billed for a month, end to end into PostgreSQL",
    load: () => import("./commerce.ts"),
  },
  {
    name: "documents",
    group: "commerce",
    summary: "invoices as PDF: per second, time of one, memory",
    load: () => import("./documents.ts"),
  },
  {
    name: "ot-decode",
    group: "ot",
    summary: "a merged capture through all dissectors beside tshark, ndpiReader, tcpdump and argus; size of uploads",
    load: () => import("./ot-decode.ts"),
  },
  {
    name: "ot-ring",
    group: "ot",
    summary: "packets from a veth pair into the sensor by ring and by tcpdump pipe: drops and processor time",
    load: () => import("./ot-ring.ts"),
  },
  {
    name: "ot-queries",
    group: "ot",
    summary:
      "pages of a site with 5,000 devices and 50 million stored conversations, and the watch of an upload of 500",
    load: () => import("./ot-queries.ts"),
  },
];
