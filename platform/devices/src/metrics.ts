/** What the door counts, for Prometheus. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface DoorMetrics {
  readonly batches: Counter<"kind">;
  readonly duplicates: Counter;
  readonly refused: Counter<"code">;
  readonly bytes: Counter;
  readonly rows: Counter<"table">;
  readonly aside: Counter;
  readonly moveFailures: Counter;
  readonly enrolled: Counter;
  readonly streams: Gauge;
  readonly journalBytes: Gauge;
  readonly journalBatches: Gauge;
  readonly commit: Histogram;
}

export function doorMetrics(registry: Registry): DoorMetrics {
  const registers = [registry];
  const counter = <T extends string = never>(name: string, help: string, labelNames: T[] = []): Counter<T> =>
    new Counter({ name: `yagura_edge_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `yagura_edge_${name}`, help, registers });
  return {
    batches: counter("batches_total", "Batches acknowledged for the first time", ["kind"]),
    duplicates: counter("duplicates_total", "Batches acknowledged again, not stored again"),
    refused: counter("refused_total", "Requests of edge programs refused", ["code"]),
    bytes: counter("bytes_total", "Compressed bytes of acknowledged batches"),
    rows: counter("rows_total", "Rows moved to telemetry", ["table"]),
    aside: counter("batches_aside_total", "Acknowledged batches that could not become rows and were kept aside"),
    moveFailures: counter("move_failures_total", "Moves to telemetry that failed and were tried again"),
    enrolled: counter("enrolled_total", "Devices enrolled"),
    streams: gauge("streams", "Open configuration streams"),
    journalBytes: gauge("journal_bytes", "Compressed bytes acknowledged and not yet in telemetry"),
    journalBatches: gauge("journal_batches", "Batches acknowledged and not yet in telemetry"),
    commit: new Histogram({
      name: "yagura_edge_commit_seconds",
      help: "From a request's last byte to its durable commit",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}
