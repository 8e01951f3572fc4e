/** What happened to a device and its record. */
import type { ReactNode } from "react";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts } from "@yagura/portal/parts/page.tsx";
import { useGet } from "../queries.ts";
import type { Timeline } from "../../wire/api-assets.ts";
import { sentencesOf } from "../findings/sentences.ts";
import { useAttributeValue } from "../parts/role.ts";
import { attributeName } from "./attribute-name.ts";
import { assetWords } from "./words.ts";

const known = [
  "seen",
  "attribute",
  "finding",
  "edit",
  "merge",
  "split",
  "learning",
  "permit",
  "block-asked",
  "block-ended",
  "block-done",
  "block-undone",
  "block-refused",
  "block-failed",
  "block-stuck",
] as const;
type Known = (typeof known)[number];
const isKnown = (kind: string): kind is Known => (known as readonly string[]).includes(kind);

/** What a sentence may name; an entry brings what its kind needs. */
const nothing = { attribute: "", before: "–", after: "", kind: "", title: "", reason: "", place: "" } as const;

export function TimelineTab({ path }: { readonly path: string }): ReactNode {
  const t = useWords(assetWords);
  const format = useFormat();
  const value = useAttributeValue();
  const { language } = useLanguage();
  const changed = ({ attribute, before, after }: Timeline["items"][number]["parameters"]) => ({
    attribute: attributeName(String(attribute ?? ""), t),
    before: value(String(attribute), String(before ?? "")),
    after: value(String(attribute), String(after ?? "")),
  });
  const told = ({ kind, parameters }: Timeline["items"][number]) => ({
    ...nothing,
    ...parameters,
    ...(kind === "finding"
      ? { kind: sentencesOf({ kind: String(parameters["kind"] ?? ""), parameters }, language).title }
      : {}),
    ...(kind === "attribute" ? changed(parameters) : {}),
  });
  return (
    <Loaded query={useGet<Timeline>(`${path}/timeline`)} rows={8}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t("noEvents")} />
        ) : (
          <Facts
            facts={items.map((entry) => {
              return {
                name: format.instant(entry.at),
                value: isKnown(entry.kind) ? t(`event.${entry.kind}`, told(entry)) : entry.kind,
                ...(entry.by === null ? {} : { note: entry.by.replace(/^user:/, "") }),
              };
            })}
          />
        )
      }
    </Loaded>
  );
}
