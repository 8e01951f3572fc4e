/** The portal: which services it shows. */
import { experiencePortal } from "@yagura/experience/portal/index.ts";
import { start } from "@yagura/portal/app.tsx";
import { definePortal } from "@yagura/portal/plugin.ts";

start(
  definePortal({
    services: [experiencePortal],
    planned: [
      { ja: "企業セキュリティ", en: "Corporate security" },
      { ja: "リモートネットワーク", en: "Remote network" },
      { ja: "OTセキュリティ監視", en: "OT security monitoring" },
      { ja: "マネージドUTM", en: "Managed UTM" },
    ],
  }),
);
