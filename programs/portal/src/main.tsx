/** The portal: which services it shows. */
import { experiencePortal } from "@yagura/experience/portal/index.ts";
import { start } from "@yagura/portal/app.tsx";
import { definePortal } from "@yagura/portal/plugin.ts";

start(
  definePortal({
    services: [experiencePortal],
    sold: [
      { id: "security", name: { ja: "企業セキュリティ", en: "Corporate security" } },
      { id: "remote", name: { ja: "リモートネットワーク", en: "Remote network" } },
      { id: "ot", name: { ja: "OTセキュリティ監視", en: "OT security monitoring" } },
      { id: "utm", name: { ja: "マネージドUTM", en: "Managed UTM" } },
    ],
  }),
);
