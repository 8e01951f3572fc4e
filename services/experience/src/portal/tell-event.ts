/** Events of a series in words. */
import type { Format } from "@yagura/portal/language.tsx";
import type { Say } from "@yagura/portal/words.ts";
import type { SeriesEvent } from "../wire/api.ts";
import type { Flag } from "./chart/model.ts";
import { seconds } from "./chart/shape.ts";
import { tellInterval, type Words } from "./tell.ts";
import { eventWords } from "./words-events.ts";

export type EventWords = Say<typeof eventWords>;
interface EventTongue {
  readonly t: Words;
  readonly e: EventWords;
  readonly format: Pick<Format, "duration">;
}

const isKnown = (kind: string): kind is SeriesEvent["kind"] => kind.includes(".") && kind in eventWords;

/** One event; a kind that this version does not know is named as it is. */
export function tellEvent({ kind, parameters }: SeriesEvent, { t, e, format }: EventTongue): string {
  const of = (name: string): string => String(parameters[name] ?? "–");
  const milliseconds = (name: string): number => Number(parameters[name] ?? 0);
  const text = (): string => {
    switch (kind) {
      case "session.interval":
        return e(kind, {
          before: tellInterval(milliseconds("before"), t),
          after: tellInterval(milliseconds("after"), t),
        });
      case "session.timeout":
        return e(kind, {
          before: format.duration(milliseconds("before") * 1000),
          after: format.duration(milliseconds("after") * 1000),
        });
      case "session.paused":
        return parameters["why"] === "surplus" ? e("session.surplus", { contract: of("contract") }) : e(kind);
      case "target.paused":
        return parameters["why"] === "surplus" ? e("target.surplus", { contract: of("contract") }) : e(kind);
      case "target.probe":
      case "agent.program":
        return e(kind, { before: of("before"), after: of("after") });
      case "agent.installed":
        return e(kind, { hostname: of("hostname"), version: of("version") });
      case "agent.replaced":
        return e(kind, { hostname: of("hostname"), version: of("version"), before: of("before") });
      case "agent.revoked":
        return e(kind, { reason: of("reason") });
      case "agent.ended":
        return e(kind, { contract: of("contract") });
      default:
        return isKnown(kind) ? e(kind) : String(kind);
    }
  };
  const who = parameters["by"];
  return who === undefined ? text() : e("by", { event: text(), who });
}

/** The flags on the time axis of a series. */
export const flagsOf = (events: readonly SeriesEvent[], tongue: EventTongue): Flag[] =>
  events.map((event) => ({ at: seconds(event.at), kind: event.kind, text: tellEvent(event, tongue) }));
