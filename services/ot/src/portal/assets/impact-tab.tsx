/** Who would suffer when the device stops (OT: impact). */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { Link } from "@yagura/portal/parts/link.tsx";
import { Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Card, Section } from "@yagura/portal/parts/page.tsx";
import { useGet } from "../queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetRef, Criticality } from "../../wire/api.ts";
import type { Impact } from "../../wire/api-assets.ts";
import { RoleIcon } from "../role-icon.tsx";
import { useProtocolTitle } from "../parts/protocol.ts";
import { assetWords } from "./words.ts";

export function ImpactTab({ path }: { readonly path: string }): ReactNode {
  const t = useWords(assetWords);
  const title = useProtocolTitle();
  const important = (criticality: Criticality): string =>
    criticality === "high" || criticality === "critical"
      ? `${t("criticality")}: ${t(`criticality.${criticality}`)}`
      : "";
  return (
    <Loaded query={useGet<Impact>(`${path}/impact`)} rows={6}>
      {({ direct, indirect, attached, factory }) => {
        if (direct.length + attached.length === 0)
          return (
            <Card>
              <Empty title={t("noImpact")} />
            </Card>
          );
        const names = new Map(direct.map(({ asset }) => [asset.id, asset.name]));
        return (
          <>
            <Section
              title={t("direct")}
              lead={`${t("impact.lead")} ${factory > 0 ? t("factory", { n: factory }) : ""}`}
            >
              <Devices
                rows={direct.map(({ asset, criticality, protocols: spoken }) => ({
                  asset,
                  note: [spoken.map((one) => title(one)).join(", "), important(criticality)]
                    .filter(Boolean)
                    .join(" · "),
                }))}
              />
            </Section>
            {indirect.length === 0 ? null : (
              <Section title={t("indirect")}>
                <Devices
                  rows={indirect.map(({ asset, criticality, through }) => ({
                    asset,
                    note: [`${t("through")}: ${names.get(through) ?? ""}`, important(criticality)]
                      .filter(Boolean)
                      .join(" · "),
                  }))}
                />
              </Section>
            )}
            {attached.length === 0 ? null : (
              <Section title={t("attached")}>
                <Devices rows={attached.map((asset) => ({ asset, note: "" }))} />
              </Section>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Devices({
  rows,
}: {
  readonly rows: readonly { readonly asset: AssetRef; readonly note: string }[];
}): ReactNode {
  const here = useOrganisation();
  return (
    <ul className="plain-list">
      {rows.map(({ asset, note }) => (
        <li key={asset.id} className="ot-role">
          <RoleIcon role={asset.role} /> <Link href={here.path(`ot/assets/${asset.id}`)}>{asset.name}</Link>{" "}
          <span className="soft small">{note}</span>
        </li>
      ))}
    </ul>
  );
}
