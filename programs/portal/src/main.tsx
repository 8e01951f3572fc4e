/** The portal: which services it shows. */
import { experiencePortal } from "@yagura/experience/portal/index.ts";
import { otPortal } from "@yagura/ot/portal/index.ts";
import { start } from "@yagura/portal/app.tsx";
import { definePortal } from "@yagura/portal/plugin.ts";

start(
  definePortal({
    services: [experiencePortal, otPortal],
    sold: [
      { id: "security", name: { ja: "法人向けセキュリティ", en: "Corporate security" } },
      { id: "remote", name: { ja: "リモートネットワーク", en: "Remote network" } },
      { id: "utm", name: { ja: "UTMサポート", en: "UTM support" } },
    ],
  }),
);
