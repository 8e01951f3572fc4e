/** What people have silenced for a time, and what they allow for good (OT-27). */
import type { ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { Sited } from "../parts/sited.tsx";
import { words } from "../words.ts";
import { AllowRules } from "./allow-rules.tsx";
import { Mutes } from "./mutes.tsx";
import { ruleWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(ruleWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.rules")} lead={t("lead")}>
      {({ id }) => (
        <Tabs
          label={t("tabs")}
          tabs={[
            { id: "mutes", label: t("mutes"), content: <Mutes site={id} /> },
            { id: "allowed", label: t("allowed"), content: <AllowRules site={id} /> },
          ]}
        />
      )}
    </Sited>
  );
}
