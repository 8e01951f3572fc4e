/** What a device is, each value with everything that speaks for it, and where sources contradict each other (OT-9, OT-N5). */
import type { ReactNode } from "react";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Banner } from "@yagura/portal/parts/notice.tsx";
import { Facts } from "@yagura/portal/parts/page.tsx";
import { When } from "@yagura/portal/parts/when.tsx";
import type { AssetDetail, AttributeView } from "../../wire/api-assets.ts";
import { protocols, type ProtocolName } from "../../wire/vocabulary.ts";
import { useProtocolTitle } from "../parts/protocol.ts";
import { useAttributeValue } from "../parts/role.ts";
import { attributeName } from "./attribute-name.ts";
import { assetWords } from "./words.ts";

export function IdentityTab({ detail }: { readonly detail: AssetDetail }): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(assetWords);
  const told = useAttributeValue();
  const { asset } = detail;
  const conflicts = detail.attributes.filter(({ conflict }) => conflict);
  return (
    <>
      {conflicts.length === 0 ? null : (
        <Banner title={t("conflict")}>
          {conflicts
            .map(
              (one) =>
                `${attributeName(one.attribute, t)}: ${[...new Set(one.evidence.map(({ value }) => told(one.attribute, value)))].join(" / ")}`,
            )
            .join("; ")}
        </Banner>
      )}
      <Facts
        facts={[
          { name: t("mac"), value: asset.macs.join(", ") || "–" },
          { name: t("address"), value: asset.addresses.join(", ") || "–" },
          { name: t("vlan"), value: asset.vlans.join(", ") || "–" },
          { name: t("protocols"), value: asset.protocols.map((one) => title(one)).join(", ") || "–" },
        ]}
      />
      <table className="ot-evidence">
        <thead>
          <tr>
            <th scope="col">{t("attribute")}</th>
            <th scope="col">{t("value")}</th>
            <th scope="col">{t("source")}</th>
            <th scope="col">{t("sure")}</th>
            <th scope="col">{t("last")}</th>
          </tr>
        </thead>
        <tbody>
          {detail.attributes.map((one) => (
            <Rows key={one.attribute} attribute={one} />
          ))}
        </tbody>
      </table>
    </>
  );
}

type Say = ReturnType<typeof useWords<typeof assetWords>>;

function sourceName(source: string, t: Say, title: (protocol: ProtocolName) => string): string {
  if (source === "oui" || source === "behaviour" || source === "register" || source === "hand")
    return t(`source.${source}`);
  return source in protocols ? title(source as ProtocolName) : source;
}

function Rows({ attribute }: { readonly attribute: AttributeView }): ReactNode {
  const title = useProtocolTitle();
  const t = useWords(assetWords);
  const told = useAttributeValue();
  const format = useFormat();
  return attribute.evidence.map((one, i) => (
    <tr key={`${one.source} ${one.value}`} className={i === 0 ? "ot-evidence-first" : "soft"}>
      {i === 0 ? (
        <th scope="rowgroup" rowSpan={attribute.evidence.length}>
          {attributeName(attribute.attribute, t)}
        </th>
      ) : null}
      <td>{told(attribute.attribute, one.value)}</td>
      <td>
        {sourceName(one.source, t, title)}{" "}
        <span className="soft small">{t("times", { n: format.number(one.count) })}</span>
      </td>
      <td className="figures">{format.percent(one.confidence)}</td>
      <td>
        <When at={one.lastAt} ago />
      </td>
    </tr>
  ));
}
